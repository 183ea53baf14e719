// Enterprises counted by where they are, what they do and how risky they are, which coverage, load
// and rules then fold over the territory.
#pragma once

#include "regulators.hpp"
#include "store.hpp"

#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/work.hpp>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

/// The pack `workload`: what a colour weighs, how often it is visited, what a visit takes.
struct Workload {
    std::shared_ptr<const Pack> pack;
    std::array<std::int64_t, 5> weight{};  ///< By Grade; 0 for no grade.
    std::array<double, 5> visits{};        ///< In a year.
    double effort = 0;                     ///< Days of one person for a visit.
    double working_days = 0;               ///< Of one person in a year.
    double flag = 0;                       ///< Times the median that is too much.

    /// Null: the pack that `workload` means. Throws InputError for a pack that contradicts itself.
    explicit Workload(std::shared_ptr<const Pack> given);
};

/// Colour of each enterprise on the day: its own, else the worst of its risk points'; 0 for none
/// and for other nodes. By node, added ones last.
std::vector<std::uint8_t> enterprise_colours(const View& view);

/// Where the enterprises of a day are, and how many of which sectors and colours each place has.
///
/// They are counted once at places that questions ask about (anchors: regions down to towns, zones,
/// and places that duties lead to); what lies between is counted at the nearest one above it.
class Enterprises {
public:
    /// `nodes`: enterprises that are there, ascending; `duties`: edges whose targets, where they
    /// are places, are anchors.
    Enterprises(const Places& places, std::span<const NodeNo> nodes,
                std::initializer_list<std::span<const EdgeNo>> duties);

    /// All that are at some place, in the order of the territory.
    std::span<const NodeNo> placed() const { return order_; }
    /// Those at a place or below it; a circle of places is cut as Land::above says.
    std::span<const NodeNo> below(const Places& places, std::uint32_t place) const {
        return placed().subspan(starts_[places.enter(place)],
                                starts_[places.leave(place)] - starts_[places.enter(place)]);
    }
    /// Those of the place at a position in the territory.
    std::span<const NodeNo> at(std::size_t position) const {
        return placed().subspan(starts_[position], starts_[position + 1] - starts_[position]);
    }
    /// How many there are, those at no place included, and how many of them have no sector.
    std::uint64_t all() const { return all_; }
    std::uint64_t without_sector() const { return without_sector_; }
    /// Whether one of them lies where the unit that has it does, having no division of its own.
    bool any_by_unit() const { return by_unit_; }
    /// enterprise_colours() of the view.
    const std::vector<std::uint8_t>& colours() const { return colours_; }
    /// Those that have links of their own, ascending.
    std::span<const NodeNo> linked() const { return linked_; }

    struct Entry {
        SetNo set = 0;
        std::array<std::uint32_t, 5> by{};  ///< By Grade; 0 = ungraded.
        std::uint32_t count() const { return by[0] + by[1] + by[2] + by[3] + by[4]; }
    };
    /// Places that are anchors, in the order of the territory.
    std::span<const std::uint32_t> anchors() const { return anchors_; }
    /// By place the number of its anchor; `none` where no place at or above it is one.
    std::span<const std::uint32_t> anchor_of() const { return anchor_of_; }
    /// Anchors at or below a place: [first, second).
    std::pair<std::uint32_t, std::uint32_t> anchors_below(const Places& places,
                                                          std::uint32_t place) const;
    /// Enterprises counted at an anchor alone, by set.
    std::span<const Entry> own(std::size_t anchor) const {
        return std::span(own_).subspan(own_starts_[anchor],
                                       own_starts_[anchor + 1] - own_starts_[anchor]);
    }
    /// Those of an anchor and of all below it, by set.
    std::span<const Entry> sums(std::size_t anchor) const {
        const Sum& sum = sums_[anchor];
        return std::span(sum.shared ? own_ : more_).subspan(sum.begin, sum.size);
    }
    std::size_t bytes() const;

private:
    struct Sum {
        std::size_t begin = 0;
        std::uint32_t size = 0;
        bool shared = true;  // in own_, else in more_
    };
    void find_anchors(const Places& places, std::initializer_list<std::span<const EdgeNo>> duties);
    void count(const Places& places);
    void add_up(const Places& places);

    std::vector<NodeNo> order_, linked_;
    std::vector<std::uint32_t> starts_;  // by position in the territory
    std::vector<std::uint8_t> colours_;
    std::vector<std::uint32_t> anchors_, anchor_of_;
    std::vector<Entry> own_, more_;
    std::vector<std::size_t> own_starts_;
    std::vector<Sum> sums_;
    std::uint64_t all_ = 0, without_sector_ = 0;
    bool by_unit_ = false;
};

/// How many enterprises a row of places has, by set of sectors and class.
struct EnterpriseCounts {
    struct Entry {
        SetNo set = 0;
        std::uint32_t cls = 0;
        std::uint64_t count = 0;
    };
    std::vector<std::size_t> offsets;  ///< Rows + 1.
    std::vector<Entry> entries;        ///< By row, set and class.

    std::span<const Entry> row(std::size_t number) const {
        return std::span(entries).subspan(offsets[number], offsets[number + 1] - offsets[number]);
    }
};

/// Counts enterprises by the row of their place (`row_of_place`, by number of the place; `none`:
/// not counted) and their class below `classes` (`class_of`, by node; empty: all of class 0).
/// `Class` is std::uint8_t or std::uint16_t.
template <class Class>
EnterpriseCounts count_enterprises(const Places& places, const Enterprises& enterprises,
                                   std::span<const std::uint32_t> row_of_place, std::size_t rows,
                                   std::span<const Class> class_of, std::size_t classes,
                                   const Work& work = {});

}  // namespace safetyrisk::graph
