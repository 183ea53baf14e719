// Which division each row of a register lies in.
//
// A row's division is the one it gives, else the one its coordinates lie in, else its
// enterprise's. The sources are compared with each other, because a register that says one county
// and draws its point in another is wrong somewhere: the first source wins and an Issue shows both.
// A point outside every polygon is an Issue and never goes to the nearest county, swapped
// coordinates are pointed out and never exchanged, and a coordinate system that fits the register
// better than the declared one is named and never applied.
//
// Source: README, "Tables" (region of a row).
//
// Threads: free functions that read what they are given; several calls may share it.
// Throws: InputError, NotFoundError, Interrupted as noted; a wrong row is an Issue.
#pragma once

#include <safetyrisk/core/buffer.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/region/boundary.hpp>
#include <safetyrisk/region/crs.hpp>
#include <safetyrisk/region/divisions.hpp>
#include <safetyrisk/region/locator.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace safetyrisk::region {

/// Where a row's division comes from.
enum class Assigned : std::uint8_t { none, given, located, enterprise };

/// "none", "given", "located", "enterprise".
constexpr std::string_view to_string(Assigned how) {
    switch (how) {
        case Assigned::none:
            return "none";
        case Assigned::given:
            return "given";
        case Assigned::located:
            return "located";
        case Assigned::enterprise:
            return "enterprise";
    }
    return "";
}

/// What assign() may use besides the rows themselves. Pointers are not kept.
struct AssignOptions {
    /// Table with `id` and, where there are any, `division`, `lon` and `lat`.
    const Table* enterprises = nullptr;
    /// Boundaries and the locator made from them; both or neither.
    const Boundaries* boundaries = nullptr;
    const Locator* locator = nullptr;
    /// System of all coordinates, of the rows and of the enterprises.
    Crs crs = Crs::wgs84;
    /// How unlikely the register must be under equal fit before another system is named, 0..1.
    double crs_significance = 1e-3;
};

/// The division of each of n rows.
struct Assignment {
    Buffer<std::int32_t> division;  ///< Index into the divisions; -1 where `how` is none.
    Buffer<Assigned> how;
    /// Division of each boundary, as join() gives it; empty without boundaries.
    std::vector<std::int32_t> boundary_division;
    IssueTable issues;
};

/// Finds the division of each row of a table with the columns `division`, `lon`, `lat` and
/// `enterprise`, of which any may be absent.
///
/// A code that was replaced counts as its successor; an unknown one as the nearest division above
/// it that is known, with an issue. Two divisions agree when one contains the other. `lon` and
/// `lat` are degrees; a row with only one of them, with text, or beyond ±180 and ±90 has no
/// position. Rows that end without a division each have the issue `region.no_region`.
///
/// With ten and more rows whose given and located divisions disagree, the other systems are tried
/// on the same rows: when one of them agrees more often and a one-sided sign test on the rows on
/// which the two differ is below `crs_significance`, one warning gives both counts.
///
/// Throws InputError when only one of boundaries and locator is given or the significance is not in
/// 0..1, and NotFoundError when the enterprises have no column `id`.
Assignment assign(const Divisions& divisions, const Table& rows, const AssignOptions& options = {},
                  const Work& work = {});

/// Division of each boundary by code or by the successor of its code, -1 where there is none.
///
/// What does not join is listed on both sides: boundaries without a division, and, at the finest
/// level that joined, divisions without a boundary among those that share with all joined
/// boundaries the nearest division above (a map of one city does not ask for the others).
std::vector<std::int32_t> join(const Divisions& divisions, const Boundaries& boundaries,
                               IssueTable& issues);

/// P(X >= successes) of a binomial X with n trials of probability 1/2: the one-sided sign test.
/// Exact up to rounding; the same bytes on every machine. 1 when successes is 0, 0 when it is
/// above n.
double sign_test(std::size_t successes, std::size_t n);

}  // namespace safetyrisk::region
