// Places for the names of regions: none over another, none lost without a word.
//
// A greedy search in a fixed order (larger regions first). Each name tries places inside its
// region, then smaller type, then free space nearby with a leader line. What finds no place is
// reported.
#pragma once

#include "render/shape.hpp"

#include <string>
#include <vector>

namespace safetyrisk::render::detail {

struct LabelTask {
    std::string text;  ///< As one_line gives it, not empty.
    const Shape* shape = nullptr;
    Place anchor;
    int extra_percent = 0;  ///< Room that the label needs beside its text, percent of the em.
};

struct Label {
    std::size_t task = 0;
    Place centre;  ///< Of the text's box.
    int width = 0;
    int size = 0;
    bool leader = false;
    Place leader_end;  ///< Where the line from the task's anchor meets the box.
};

struct Labels {
    std::vector<Label> placed;
    std::vector<std::size_t> hidden;  ///< Tasks without a place.
};

/// `size` is the em of the largest type; `marks` are places that names should rather not cover.
Labels place_labels(const std::vector<LabelTask>& tasks, const Box& panel, int size,
                    const std::vector<Place>& marks);

}  // namespace safetyrisk::render::detail
