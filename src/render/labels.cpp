#include "render/labels.hpp"

#include "render/type.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>

namespace safetyrisk::render::detail {
namespace {

constexpr int cell = 500;  // of the two grids below: 5 mm
constexpr int mark_cell = 150;

// Leader lines are a help on a sheet of tens of regions; on one of hundreds they are a thicket.
constexpr std::size_t most_regions_with_leaders = 150;

bool overlap(const Box& a, const Box& b) {
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

Box grown(const Box& box, int by) {
    return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

Box box_around(Place centre, int width, int size) {
    const int height = size * 11 / 10;
    return {centre.x - width / 2, centre.y - height / 2, width, height};
}

std::int64_t turn(Place a, Place b, Place c) {
    return static_cast<std::int64_t>(b.x - a.x) * (c.y - a.y) -
           static_cast<std::int64_t>(b.y - a.y) * (c.x - a.x);
}

bool segments_cross(Place a, Place b, Place c, Place d) {
    const auto side = [](std::int64_t v) { return v > 0 ? 1 : v < 0 ? -1 : 0; };
    return side(turn(a, b, c)) * side(turn(a, b, d)) <= 0 &&
           side(turn(c, d, a)) * side(turn(c, d, b)) <= 0;
}

bool segment_meets(Place a, Place b, const Box& box) {
    if (box.contains(a) || box.contains(b)) return true;
    const Place p{box.x, box.y}, q{box.right(), box.bottom()};
    return segments_cross(a, b, p, q) || segments_cross(a, b, {q.x, p.y}, {p.x, q.y});
}

/// Boxes already taken, found by cell.
class Taken {
public:
    explicit Taken(const Box& panel)
        : panel_(panel),
          columns_(panel.width / cell + 1),
          rows_(panel.height / cell + 1),
          cells_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {}

    bool free(const Box& box) const {
        bool result = true;
        each_cell(box, [&](const std::vector<std::size_t>& here) {
            for (const std::size_t i : here)
                result = result && !overlap(boxes_[i], box);
        });
        return result;
    }

    void add(const Box& box) {
        boxes_.push_back(box);
        const std::size_t index = boxes_.size() - 1;
        each_cell_index(box, [&](std::size_t at) { cells_[at].push_back(index); });
    }

    const std::vector<Box>& boxes() const { return boxes_; }

private:
    template <typename Use>
    void each_cell_index(const Box& box, Use use) const {
        const int left = std::clamp((box.x - panel_.x) / cell, 0, columns_ - 1);
        const int right = std::clamp((box.right() - panel_.x) / cell, 0, columns_ - 1);
        const int top = std::clamp((box.y - panel_.y) / cell, 0, rows_ - 1);
        const int bottom = std::clamp((box.bottom() - panel_.y) / cell, 0, rows_ - 1);
        for (int row = top; row <= bottom; ++row) {
            for (int column = left; column <= right; ++column)
                use(static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                    static_cast<std::size_t>(column));
        }
    }
    template <typename Use>
    void each_cell(const Box& box, Use use) const {
        each_cell_index(box, [&](std::size_t at) { use(cells_[at]); });
    }

    Box panel_;
    int columns_, rows_;
    std::vector<std::vector<std::size_t>> cells_;
    std::vector<Box> boxes_;
};

/// How many marks lie under a box, about.
class Marks {
public:
    Marks(const Box& panel, const std::vector<Place>& marks)
        : panel_(panel),
          columns_(panel.width / mark_cell + 1),
          rows_(panel.height / mark_cell + 1),
          counts_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {
        for (const Place mark : marks) {
            if (panel.contains(mark)) ++counts_[index(column(mark.x), row(mark.y))];
        }
    }
    int under(const Box& box) const {
        int sum = 0;
        for (int r = row(box.y); r <= row(box.bottom()); ++r) {
            for (int c = column(box.x); c <= column(box.right()); ++c)
                sum += counts_[index(c, r)];
        }
        return sum;
    }

private:
    int column(int x) const { return std::clamp((x - panel_.x) / mark_cell, 0, columns_ - 1); }
    int row(int y) const { return std::clamp((y - panel_.y) / mark_cell, 0, rows_ - 1); }
    std::size_t index(int c, int r) const {
        return static_cast<std::size_t>(r) * static_cast<std::size_t>(columns_) +
               static_cast<std::size_t>(c);
    }

    Box panel_;
    int columns_, rows_;
    std::vector<int> counts_;
};

class Search {
public:
    Search(const std::vector<LabelTask>& tasks, const Box& panel, int size,
           const std::vector<Place>& marks)
        : tasks_(tasks),
          panel_(grown(panel, -size / 4)),
          size_(size),
          taken_(panel),
          marks_(panel, marks),
          leaders_(tasks.size() <= most_regions_with_leaders) {}

    Labels run() {
        Labels result;
        std::vector<std::size_t> later;
        for (std::size_t i = 0; i < tasks_.size(); ++i) {
            auto label = inside(i);
            if (!label) {
                later.push_back(i);
                continue;
            }
            keep(result, *label);
        }
        for (const std::size_t i : later) {
            const auto label = leaders_ ? outside(i) : std::nullopt;
            if (!label) {
                result.hidden.push_back(i);
                continue;
            }
            lines_.push_back({tasks_[i].anchor, label->leader_end});
            keep(result, *label);
        }
        return result;
    }

private:
    struct Line {
        Place a, b;
    };

    void keep(Labels& result, const Label& label) {
        taken_.add(grown(box_around(label.centre, label.width, label.size), label.size / 8));
        result.placed.push_back(label);
    }

    bool fits(const Box& box) const {
        return box.x >= panel_.x && box.y >= panel_.y && box.right() <= panel_.right() &&
               box.bottom() <= panel_.bottom() && taken_.free(box);
    }

    static int corners_inside(const Shape& shape, const Box& box) {
        const int mid_x = box.x + box.width / 2;
        const int mid_y = box.y + box.height / 2;
        const std::array<Place, 8> places = {{{box.x, box.y},
                                              {mid_x, box.y},
                                              {box.right(), box.y},
                                              {box.x, mid_y},
                                              {box.right(), mid_y},
                                              {box.x, box.bottom()},
                                              {mid_x, box.bottom()},
                                              {box.right(), box.bottom()}}};
        int count = 0;
        for (const Place place : places)
            count += shape.contains(place) ? 1 : 0;
        return count;
    }

    // In the region: wholly at full size if it can be, else smaller, else a little over the border.
    std::optional<Label> inside(std::size_t index) const {
        const LabelTask& task = tasks_[index];
        for (const int needed : {8, 6, 4}) {
            for (const int percent : {100, 86, 74}) {
                const int size = size_ * percent / 100;
                const int width = text_width(task.text, size) + size * task.extra_percent / 100;
                std::optional<Label> best;
                std::int64_t best_cost = 0;
                for (const int dy : {0, -60, 60, -120, 120, -180, 180}) {
                    for (const int dx : {0, -25, 25, -50, 50}) {
                        const Place centre{task.anchor.x + width * dx / 100,
                                           task.anchor.y + size * dy / 100};
                        const Box box = box_around(centre, width, size);
                        if (!fits(box) || !task.shape->contains(centre) ||
                            corners_inside(*task.shape, box) < needed)
                            continue;
                        const std::int64_t cost =
                            12LL * marks_.under(box) + std::abs(dx) / 5 + std::abs(dy) / 12;
                        if (best && cost >= best_cost) continue;
                        best = Label{index, centre, width, size, false, {}};
                        best_cost = cost;
                    }
                }
                if (best) return best;
            }
        }
        return std::nullopt;
    }

    std::optional<Label> outside(std::size_t index) const {
        // Sixteen directions, east first and clockwise, thousandths.
        constexpr std::array<std::array<int, 2>, 16> directions = {{{1000, 0},
                                                                    {924, 383},
                                                                    {707, 707},
                                                                    {383, 924},
                                                                    {0, 1000},
                                                                    {-383, 924},
                                                                    {-707, 707},
                                                                    {-924, 383},
                                                                    {-1000, 0},
                                                                    {-924, -383},
                                                                    {-707, -707},
                                                                    {-383, -924},
                                                                    {0, -1000},
                                                                    {383, -924},
                                                                    {707, -707},
                                                                    {924, -383}}};
        const LabelTask& task = tasks_[index];
        const int size = size_ * 80 / 100;
        const int width = text_width(task.text, size) + size * task.extra_percent / 100;
        std::optional<Label> best;
        std::int64_t best_cost = 0;
        for (int radius = size; radius <= 12 * size; radius += size) {
            for (const auto& [dx, dy] : directions) {
                const Place centre{task.anchor.x + (radius + width / 2) * dx / 1000,
                                   task.anchor.y + (radius + size / 2) * dy / 1000};
                const Box box = box_around(centre, width, size);
                if (!fits(box)) continue;
                const Place end{std::clamp(task.anchor.x, box.x, box.right()),
                                std::clamp(task.anchor.y, box.y, box.bottom())};
                if (!line_free(task.anchor, end)) continue;
                std::int64_t cost = radius + 40LL * marks_.under(box);
                for (const LabelTask& other : tasks_) {
                    if (corners_inside(*other.shape, box) > 0)
                        cost += other.shape == task.shape ? size : 6LL * size;
                }
                if (best && cost >= best_cost) continue;
                best = Label{index, centre, width, size, true, end};
                best_cost = cost;
            }
        }
        return best;
    }

    bool line_free(Place a, Place b) const {
        for (const Box& box : taken_.boxes()) {
            if (segment_meets(a, b, box)) return false;
        }
        for (const Line& line : lines_) {
            if (segments_cross(a, b, line.a, line.b)) return false;
        }
        return true;
    }

    const std::vector<LabelTask>& tasks_;
    Box panel_;
    int size_;
    Taken taken_;
    Marks marks_;
    bool leaders_;
    std::vector<Line> lines_;
};

}  // namespace

Labels place_labels(const std::vector<LabelTask>& tasks, const Box& panel, int size,
                    const std::vector<Place>& marks) {
    return Search(tasks, panel, size, marks).run();
}

}  // namespace safetyrisk::render::detail
