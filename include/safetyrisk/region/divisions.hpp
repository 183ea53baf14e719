// Administrative divisions (行政区划): one tree from the country down to the village.
//
// Built once from the table `divisions`; after that a division is a small index. Divisions lie
// depth first with siblings in code order, so that a parent comes before its children, a subtree
// is an interval of indices, and the order is code order wherever the tree follows the codes.
// The country is always there, at index 0.
//
// What the table leaves out is derived from the codes and nothing else: the parent where `parent`
// is empty, and ancestors that have no row (without a name, each with an `info` issue). City codes
// ending in 90 are headings of the code list (省直辖县级行政区划) and are never made.
// Codes of the past answer through `successor`.
//
// Source: GB/T 2260 and GB/T 10114 for the codes; levels and rules of the table: README, "Tables".
//
// Threads: immutable after construction; all members may be called from many threads.
// Throws: InputError, NotFoundError as noted; a wrong row is an Issue.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::region {

/// A cell read as a division code.
struct CodeCell {
    enum class State : std::uint8_t {
        code,         ///< `code` holds it.
        missing,      ///< null, NaN or blank.
        malformed,    ///< No code: wrong length, letters, zeros above a group that is not zero.
        lost_digits,  ///< A number that has lost digits: 3.60902E+11, 36.5, above 2^53.
    };
    State state = State::missing;
    bool from_float = false;  ///< The code came as a float ("360902.0") that still has all digits.
    DivisionCode code;
};

/// Reads a text, integer or number cell as a division code.
CodeCell read_code(const Column& column, std::size_t row);

/// How a code was found among the divisions.
enum class Match : std::uint8_t {
    none,       ///< Neither the code nor a division above it is known.
    exact,      ///< The code is a division.
    successor,  ///< The code was replaced; the division is what it became.
    ancestor,   ///< The code is unknown or no longer valid; the division is the nearest above it.
};

/// A division and how it was found; index -1 when `match` is none.
struct Resolved {
    std::int32_t index = -1;
    Match match = Match::none;

    friend bool operator==(const Resolved&, const Resolved&) = default;
};

class Divisions {
public:
    /// The country alone.
    Divisions();

    /// Divisions of a table with the columns `code` and `name` and, where there are any, `level`,
    /// `parent`, `population`, `area_km2`, `valid_from`, `valid_to` and `successor`.
    ///
    /// Rows that hold on the day `on` become divisions; the others only lend their `successor` to
    /// resolve(). A row with a successor and without `valid_to` is an alias and never holds. Rows
    /// with one code are one row when they are equal in every column and are all rejected when
    /// they are not, so that order cannot matter. A `parent` that is unknown, finer than its child
    /// or part of a circle is reported, and the parent by code is taken instead.
    ///
    /// Throws NotFoundError without the two columns, and InputError when a row has validity dates
    /// and `on` is missing.
    explicit Divisions(const Table& table, std::optional<Date> on = std::nullopt);

    /// Number n of divisions, with the country. Indices below are 0..n-1 and are not checked.
    std::size_t size() const { return codes_.size(); }

    DivisionCode code(std::int32_t index) const { return codes_[at(index)]; }
    DivisionLevel level(std::int32_t index) const { return codes_[at(index)].level(); }
    /// Name from the table; empty for a division that was made from a code.
    std::string_view name(std::int32_t index) const;
    /// Index of the parent, which is smaller than `index`; -1 for the country.
    std::int32_t parent(std::int32_t index) const { return parents_[at(index)]; }
    /// Row in the table; -1 for a division that was made from a code.
    std::int64_t row(std::int32_t index) const { return rows_[at(index)]; }
    /// Inhabitants and area in km²; NaN when unknown.
    double population(std::int32_t index) const { return populations_[at(index)]; }
    double area_km2(std::int32_t index) const { return areas_[at(index)]; }

    /// One past the last index of the subtree that begins at `index`.
    std::int32_t subtree_end(std::int32_t index) const { return ends_[at(index)]; }
    /// Whether `inner` is `outer` or lies below it in the tree.
    bool contains(std::int32_t outer, std::int32_t inner) const {
        return outer <= inner && inner < ends_[at(outer)];
    }

    /// Index of the division with this very code, or -1. Constant time.
    std::int32_t find(DivisionCode code) const;
    /// The same for n codes; `index` has length n (InputError).
    void find(std::span<const DivisionCode> codes, std::span<std::int32_t> index) const;

    /// The division a code means: itself, else what it became, else the nearest division above it
    /// by code, short of the country.
    Resolved resolve(DivisionCode code) const;

    /// The division that stands for `index` at a level, or -1 when `index` is coarser than it.
    ///
    /// Usually its ancestor (or itself) of that level. Some branches skip a level, and no row may
    /// fall through the gap:
    /// - a county that answers to the province (仙桃 429004) stands for itself at city level: its
    ///   government reports like a city's, and the province is too coarse to stand for it;
    /// - a city without counties (东莞 4419) stands for itself and its towns at county level: it is
    ///   what county maps and six-digit registers show in their place;
    /// - towns directly below a city that also has counties are stood for by the city at county
    ///   level, while the city itself is then coarser than the level;
    /// - at any other gap the division below it stands for itself.
    std::int32_t unit_at(std::int32_t index, DivisionLevel level) const;
    /// unit_at of all n divisions.
    std::vector<std::int32_t> units_at(DivisionLevel level) const;

    /// What was wrong with the table.
    const IssueTable& issues() const { return issues_; }

    /// Columns code, name, level, parent, population, area_km2; n rows in the order of the indices.
    Table table() const;

private:
    struct Retired {
        DivisionCode code;
        std::int32_t successor;  // -1: none that is one and known
    };

    static std::size_t at(std::int32_t index) { return static_cast<std::size_t>(index); }
    std::int32_t unit_below(std::int32_t index, std::int32_t parent_unit,
                            DivisionLevel level) const;

    std::vector<DivisionCode> codes_;
    std::vector<std::int32_t> parents_;
    std::vector<std::int32_t> ends_;
    std::vector<std::int32_t> rows_;
    std::vector<double> populations_;
    std::vector<double> areas_;
    std::vector<std::uint8_t> has_county_;  // whether a county lies below
    std::vector<std::uint64_t> name_ends_;
    std::string names_;
    std::vector<std::int32_t> slots_;  // open addressing by code; -1 free
    std::vector<Retired> retired_;     // by code
    IssueTable issues_;
};

}  // namespace safetyrisk::region
