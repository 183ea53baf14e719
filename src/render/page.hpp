// One page while it is drawn: what the parts of the layout share.
//
// page_map.cpp draws what lies inside the neat line, page_margin.cpp what stands around it,
// page_symbol.cpp the signs that both use, and svg.cpp lays the page out.
#pragma once

#include "render/shape.hpp"
#include "render/writer.hpp"

#include <safetyrisk/render/svg.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::render::detail {

// Above this many points of one grade they are drawn as one path: a <use> costs 40 bytes, a dot of
// a path 8.
inline constexpr std::size_t most_symbols = 2500;
// Letters stand on red and orange points as long as there are no more of these than that.
inline constexpr std::size_t most_letters = 80;
// Region names carry the letter of the grade on sheets of at most so many regions.
inline constexpr std::size_t most_plates = 120;
inline constexpr int pip_percent = 36;
// Side of the cells in which points are gathered, on an A3 sheet.
inline constexpr int cell_side = 800;
inline constexpr int cell_type = 270;

// None first: the order of drawing, in which the gravest come last.
inline constexpr std::array<std::optional<Grade>, 5> drawing_order = {
    std::nullopt, Grade::blue, Grade::yellow, Grade::orange, Grade::red};
inline constexpr std::array<std::optional<Grade>, 5> legend_order = {
    Grade::red, Grade::orange, Grade::yellow, Grade::blue, std::nullopt};

/// "red", …, "none": part of the ids in the document.
std::string_view key_of(std::optional<Grade> grade);
/// 重 较 一 低 未, or M S G L –.
std::string_view letter_of(std::optional<Grade> grade, Lang lang);
/// The official word, or 未评估.
std::string_view word_of(std::optional<Grade> grade, Lang lang);
/// Lightness 0 to 255 as Rec. 601 weighs the channels, in integers.
int luma(Rgb colour);

struct Region {
    const RegionMark* mark = nullptr;
    std::string name;
    Shape shape;
};

struct Dot {
    Place place;
    std::size_t row = 0;
};

/// Points gathered where there are too many to be drawn singly.
struct Cell {
    Place centre;  ///< The mean of its points, or as near to it as its symbol stays in the cell.
    std::optional<Grade> grade;  ///< The gravest; none when none of the points is graded.
    std::size_t count = 0;
};

class Page {
public:
    explicit Page(const Scene& scene)
        : scene_(scene),
          zh_(scene.lang == Lang::zh),
          width_(scene.page.width_mm * 100),
          height_(scene.page.height_mm * 100),
          // Type and symbols are sized for A3 and shrink to 72 % on smaller sheets.
          per_mille_(std::clamp(std::min(width_, height_) * 10 / 297, 720, 2000)) {}

    Drawing draw();

private:
    struct Fact {
        std::string name, value;
    };

    int mm(int hundredths) const { return hundredths * per_mille_ / 1000; }
    Rgb paint(Rgb colour) const {
        if (!scene_.grey) return colour;
        const auto level = static_cast<std::uint8_t>(luma(colour));
        return {level, level, level};
    }
    std::string_view say(std::string_view zh, std::string_view en) const { return zh_ ? zh : en; }
    bool has_points() const { return scene_.points.size() > 0; }

    void check() const;
    GradeCounts region_counts() const;
    GradeCounts point_counts() const;
    Extent extent() const;

    int title_block();
    void prepare_regions(const Frame& frame);
    void prepare_points(const Frame& frame);
    void gather(const Box& panel);
    void definitions();
    void hatch(Grade grade);
    Rgb region_colour(std::optional<Grade> grade) const;
    int radius(std::optional<Grade> grade) const;
    std::optional<Rgb> pip_of(std::optional<Grade> grade) const;
    void circle(Place centre, int radius, Rgb fill);
    void symbol(std::optional<Grade> grade, Place centre, int radius);
    void letter(std::optional<Grade> grade, Place centre, int radius);
    Box cell_box(Place centre, std::string_view number) const;
    std::string cell_number(std::size_t count) const;
    void cell_style(std::optional<Grade> grade);
    void cell_shape(std::optional<Grade> grade, const Box& box);
    void plate(std::optional<Grade> grade, Place centre, int size);
    void composition(const Box& box);
    void map(const Frame& frame);
    void neat_line(const Frame& frame, const Box& outer);
    void regions_layer();
    bool reaches_out(const Box& panel) const;
    void cells_layer();
    void points_layer();
    void labels_layer(const Frame& frame);
    int legend(const Box& box);
    std::string cells_caption() const;
    void north_arrow(Place foot, int height);
    void scale(const Frame& frame, Place at, int longest);
    std::vector<Fact> facts() const;
    int facts_block(const Box& box, bool draw);
    void footer();
    std::string description() const;

    const Scene& scene_;
    bool zh_;
    int width_, height_, per_mille_;
    Writer svg_;
    Drawing result_;
    std::vector<Region> regions_;           // in drawing order
    std::array<std::vector<Dot>, 5> dots_;  // by grade code, in drawing order
    std::vector<Cell> cells_;               // in drawing order
    std::size_t drawn_points_ = 0;
    bool letters_ = false;
};

}  // namespace safetyrisk::render::detail
