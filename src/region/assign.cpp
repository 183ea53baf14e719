#include <safetyrisk/region/assign.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/id_numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace safetyrisk::region {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();

// What is to be said about a row; set in the passes over blocks, read in one pass in row order.
enum Remark : std::uint16_t {
    malformed_code = 1U << 0U,
    lost_digits = 1U << 1U,
    unknown_code = 1U << 2U,
    known_above = 1U << 3U,
    replaced_code = 1U << 4U,
    float_code = 1U << 5U,
    half_coordinates = 1U << 6U,
    bad_coordinates = 1U << 7U,
    outside = 1U << 8U,
    swapped = 1U << 9U,
    located_elsewhere = 1U << 10U,
    enterprise_elsewhere = 1U << 11U,
    no_code = 1U << 12U,
};

// The boundaries with everything that locating needs besides.
struct Ground {
    const Divisions& divisions;
    const AssignOptions& options;
    const Work& work;
    std::vector<std::int32_t> region_division;  // by boundary; the nearest above where none joins

    bool has_boundaries() const { return options.locator != nullptr; }
    bool agree(std::int32_t a, std::int32_t b) const {
        return divisions.contains(a, b) || divisions.contains(b, a);
    }
    // Divisions of positions in a system; -1 outside. Uses the two columns as scratch.
    std::vector<std::int32_t> locate(std::vector<double>& lon, std::vector<double>& lat,
                                     Crs crs) const {
        if (crs != Crs::wgs84 && crs != Crs::cgcs2000)
            convert(lon, lat, crs, Crs::wgs84, lon, lat, work);
        std::vector<std::int32_t> found(lon.size());
        options.locator->locate(lon, lat, found, work);
        for (std::int32_t& region : found)
            if (region >= 0) region = region_division[static_cast<std::size_t>(region)];
        return found;
    }
};

bool in_range(double lon, double lat) {
    return lon >= -180.0 && lon <= 180.0 && lat >= -90.0 && lat <= 90.0;
}

// The passes over one table; rows and enterprises go through the same ones.
class Register {
public:
    Register(const Ground& ground, const Table& table, std::string_view name)
        : ground_(ground),
          table_(table),
          origin_(table.origin()),
          division_(table.find("division")),
          lon_(table.find("lon")),
          lat_(table.find("lat")),
          remarks_(table.rows(), std::uint16_t{0}),
          given_(table.rows(), -1) {
        if (origin_.table.empty()) origin_.table = name;
    }

    void read() {
        if (division_ != nullptr) read_codes();
        if (lon_ == nullptr && lat_ == nullptr) return;
        lon_deg_.resize(table_.rows());
        lat_deg_.resize(table_.rows());
        read_coordinates();
        if (!ground_.has_boundaries()) return;
        located_ = ground_.locate(lon_deg_, lat_deg_, ground_.options.crs);
        find_swapped();
    }

    // Chooses between the sources. `enterprise` gives the division of a row's enterprise or -1.
    void choose(std::span<const std::int32_t> enterprise, Assignment& out) {
        const std::size_t n = table_.rows();
        out.division.resize(n);
        out.how.resize(n);
        for_blocks(n, ground_.work, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                out.division[i] = -1;
                out.how[i] = Assigned::none;
                const std::int32_t located = located_.empty() ? -1 : located_[i];
                const std::int32_t owner = enterprise.empty() ? -1 : enterprise[i];
                const std::array<std::pair<std::int32_t, Assigned>, 3> sources = {
                    {{given_[i], Assigned::given},
                     {located, Assigned::located},
                     {owner, Assigned::enterprise}}};
                for (const auto& [division, how] : sources) {
                    if (division < 0) continue;
                    out.division[i] = division;
                    out.how[i] = how;
                    break;
                }
                const std::int32_t chosen = out.division[i];
                if (located >= 0 && !ground_.agree(chosen, located))
                    remarks_[i] |= located_elsewhere;
                if (owner >= 0 && !ground_.agree(chosen, owner))
                    remarks_[i] |= enterprise_elsewhere;
            }
        });
    }

    void report(const Assignment& chosen, std::span<const std::int32_t> enterprise,
                bool must_have_region, IssueTable& issues) const {
        std::map<DivisionCode, std::size_t> replaced;
        std::size_t floats = 0;
        for (std::size_t i = 0; i < remarks_.size(); ++i) {
            if (remarks_[i] == 0 && chosen.how[i] != Assigned::none) continue;
            if ((remarks_[i] & ~no_code) != 0) {
                report_row(i, chosen.division[i], enterprise, issues);
                if ((remarks_[i] & float_code) != 0) ++floats;
                if ((remarks_[i] & replaced_code) != 0) ++replaced[read_code(*division_, i).code];
            }
            if (must_have_region && chosen.how[i] == Assigned::none)
                issues.add("region.no_region", origin_, static_cast<std::int64_t>(i), "division");
        }
        if (floats > 0)
            issues.add("region.code_from_float", origin_, -1, "division", {},
                       {std::to_string(floats)});
        for (const auto& [code, count] : replaced) {
            const Resolved now = ground_.divisions.resolve(code);
            issues.add("region.code_replaced", origin_, -1, "division", code.text(),
                       {ground_.divisions.code(now.index).text(), std::to_string(count)});
        }
    }

    // Whether another coordinate system would fit the given divisions better.
    void check_crs(IssueTable& issues) const {
        if (located_.empty() || division_ == nullptr) return;
        std::vector<std::size_t> both;
        std::size_t agreed = 0;
        std::vector<std::uint8_t> fits;
        for (std::size_t i = 0; i < remarks_.size(); ++i) {
            const bool usable = given_[i] >= 0 && (remarks_[i] & (known_above | swapped)) == 0 &&
                                !std::isnan(lon_deg_[i]);
            if (!usable) continue;
            both.push_back(i);
            fits.push_back(located_[i] >= 0 && ground_.agree(given_[i], located_[i]) ? 1 : 0);
            agreed += fits.back();
        }
        const double significance = ground_.options.crs_significance;
        const std::size_t discordant = both.size() - agreed;
        if (sign_test(discordant, discordant) >= significance) return;  // no system can be better

        std::optional<Crs> best;
        std::size_t best_agreed = agreed;
        const bool plain =
            ground_.options.crs == Crs::wgs84 || ground_.options.crs == Crs::cgcs2000;
        for (const Crs crs : {Crs::wgs84, Crs::gcj02, Crs::bd09}) {
            if (crs == ground_.options.crs || (plain && crs == Crs::wgs84)) continue;
            std::vector<double> lon(both.size());
            std::vector<double> lat(both.size());
            for (std::size_t k = 0; k < both.size(); ++k) {
                lon[k] = lon_->number(both[k]).value;
                lat[k] = lat_->number(both[k]).value;
            }
            const std::vector<std::int32_t> found = ground_.locate(lon, lat, crs);
            std::size_t better = 0;
            std::size_t worse = 0;
            std::size_t other_agreed = 0;
            for (std::size_t k = 0; k < both.size(); ++k) {
                const bool fit = found[k] >= 0 && ground_.agree(given_[both[k]], found[k]);
                if (fit) ++other_agreed;
                if (fit && fits[k] == 0) ++better;
                if (!fit && fits[k] != 0) ++worse;
            }
            if (other_agreed > best_agreed && sign_test(better, better + worse) < significance) {
                best = crs;
                best_agreed = other_agreed;
            }
        }
        if (!best) return;
        const std::string total = "/" + std::to_string(both.size());
        issues.add("region.crs_suspect", origin_, -1, "lon", to_string(ground_.options.crs),
                   {to_string(*best), std::to_string(best_agreed) + total,
                    std::to_string(agreed) + total});
    }

    const Origin& origin() const { return origin_; }

private:
    // What a cell says: the division it means and the remarks that it calls for.
    struct Given {
        std::int32_t index = -1;
        std::uint16_t remarks = 0;
    };

    void read_codes() {
        // Texts by number are read once each.
        std::vector<Given> by_code;
        const Column* words = division_->dictionary();
        if (words != nullptr && words->size() <= table_.rows())
            for (std::size_t k = 0; k < words->size(); ++k)
                by_code.push_back(resolve(read_code(*words, k), -1));
        for_blocks(table_.rows(), ground_.work, [&](std::size_t begin, std::size_t end) {
            if (words != nullptr && words->size() <= table_.rows()) {
                for (std::size_t i = begin; i < end; ++i) {
                    const std::int32_t code = division_->code(i);
                    set(i, code < 0 ? Given{-1, no_code} : by_code[static_cast<std::size_t>(code)]);
                }
                return;
            }
            // Registers mostly list the rows of a division one after the other. Codes in random
            // order cost a cache miss each; looking a batch up at once lets the machine wait for
            // many of them together.
            constexpr std::size_t batch = 256;
            std::array<CodeCell, batch> cells;
            std::array<DivisionCode, batch> codes;
            std::array<std::int32_t, batch> found{};
            std::array<std::size_t, batch> cell_of{};
            for (std::size_t first = begin; first < end; first += batch) {
                const std::size_t count = std::min(batch, end - first);
                std::size_t distinct = 0;
                for (std::size_t k = 0; k < count; ++k) {
                    if (k == 0 || !division_->equal(first + k - 1, first + k)) {
                        cells[distinct] = read_code(*division_, first + k);
                        codes[distinct] = cells[distinct].code;
                        ++distinct;
                    }
                    cell_of[k] = distinct - 1;
                }
                ground_.divisions.find(std::span(codes).first(distinct),
                                       std::span(found).first(distinct));
                std::array<Given, batch> given;
                for (std::size_t k = 0; k < distinct; ++k)
                    given[k] = resolve(cells[k], found[k]);
                for (std::size_t k = 0; k < count; ++k)
                    set(first + k, given[cell_of[k]]);
            }
        });
    }

    void set(std::size_t i, const Given& given) {
        given_[i] = given.index;
        remarks_[i] |= given.remarks;
    }

    // `exact` is the division of this very code, or -1 when it has not been looked for.
    Given resolve(const CodeCell& cell, std::int32_t exact) const {
        switch (cell.state) {
            case CodeCell::State::missing:
                return {-1, no_code};
            case CodeCell::State::malformed:
                return {-1, malformed_code};
            case CodeCell::State::lost_digits:
                return {-1, lost_digits};
            case CodeCell::State::code:
                break;
        }
        const auto how = static_cast<std::uint16_t>(cell.from_float ? float_code : 0);
        const auto with = [&](Remark remark) { return static_cast<std::uint16_t>(how | remark); };
        if (exact >= 0) return {exact, how};
        const Resolved found = ground_.divisions.resolve(cell.code);
        if (found.match == Match::none) return {found.index, with(unknown_code)};
        if (found.match == Match::ancestor) return {found.index, with(known_above)};
        if (found.match == Match::successor) return {found.index, with(replaced_code)};
        return {found.index, how};
    }

    // Positions that can be: finite, in range, both there. All others become NaN.
    void read_coordinates() {
        for_blocks(table_.rows(), ground_.work, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                lon_deg_[i] = nan_value;
                lat_deg_[i] = nan_value;
                const NumberCell lon = lon_ == nullptr ? NumberCell{} : lon_->number(i);
                const NumberCell lat = lat_ == nullptr ? NumberCell{} : lat_->number(i);
                const bool no_lon = lon.state == NumberCell::State::missing;
                const bool no_lat = lat.state == NumberCell::State::missing;
                if (no_lon && no_lat) continue;
                if (no_lon || no_lat) {
                    remarks_[i] |= half_coordinates;
                } else if (lon.state != NumberCell::State::value ||
                           lat.state != NumberCell::State::value ||
                           !in_range(lon.value, lat.value)) {
                    remarks_[i] |= bad_coordinates;
                } else {
                    lon_deg_[i] = lon.value;
                    lat_deg_[i] = lat.value;
                }
            }
        });
    }

    // Points outside every polygon, and those that would lie inside with lon and lat exchanged.
    void find_swapped() {
        std::vector<std::size_t> lost;
        std::vector<double> lon;
        std::vector<double> lat;
        for (std::size_t i = 0; i < located_.size(); ++i) {
            if (!std::isnan(lon_deg_[i])) {
                if (located_[i] >= 0) continue;
                if (ground_.options.locator->locate({lon_deg_[i], lat_deg_[i]}) >= 0) continue;
                remarks_[i] |= outside;
            } else if ((remarks_[i] & bad_coordinates) == 0) {
                continue;
            }
            const NumberCell x = lon_->number(i);
            const NumberCell y = lat_->number(i);
            const bool numbers =
                x.state == NumberCell::State::value && y.state == NumberCell::State::value;
            if (!numbers || !in_range(y.value, x.value)) continue;
            lost.push_back(i);
            lon.push_back(y.value);
            lat.push_back(x.value);
        }
        if (lost.empty()) return;
        const std::vector<std::int32_t> found = ground_.locate(lon, lat, ground_.options.crs);
        for (std::size_t k = 0; k < lost.size(); ++k) {
            if (found[k] < 0) continue;
            std::uint16_t& remark = remarks_[lost[k]];
            remark = static_cast<std::uint16_t>((remark & ~(outside | bad_coordinates)) | swapped);
        }
    }

    void report_row(std::size_t i, std::int32_t chosen, std::span<const std::int32_t> enterprise,
                    IssueTable& issues) const {
        const auto row = static_cast<std::int64_t>(i);
        const std::uint16_t remark = remarks_[i];
        const Divisions& divisions = ground_.divisions;
        const auto code = [&](std::int32_t index) { return divisions.code(index).text(); };
        if ((remark & malformed_code) != 0)
            issues.add("region.malformed_code", origin_, row, "division", division_->print(i));
        if ((remark & lost_digits) != 0)
            issues.add("region.code_lost_digits", origin_, row, "division", division_->print(i));
        if ((remark & unknown_code) != 0)
            issues.add("region.unknown_code", origin_, row, "division", division_->print(i));
        if ((remark & known_above) != 0)
            issues.add("region.unknown_code_below", origin_, row, "division", division_->print(i),
                       {code(given_[i])});
        if ((remark & (half_coordinates | bad_coordinates | outside | swapped)) != 0) {
            const std::string value = (lon_ == nullptr ? std::string() : lon_->print(i)) + ", " +
                                      (lat_ == nullptr ? std::string() : lat_->print(i));
            const std::string_view kind =
                (remark & half_coordinates) != 0  ? "region.half_coordinates"
                : (remark & bad_coordinates) != 0 ? "region.bad_coordinates"
                : (remark & swapped) != 0         ? "region.swapped_coordinates"
                                                  : "region.outside_boundaries";
            issues.add(kind, origin_, row, "lon", value);
        }
        if ((remark & located_elsewhere) != 0)
            issues.add("region.located_elsewhere", origin_, row, "division", code(chosen),
                       {code(located_[i])});
        if ((remark & enterprise_elsewhere) != 0)
            issues.add("region.enterprise_elsewhere", origin_, row, "division", code(chosen),
                       {code(enterprise[i])});
    }

    const Ground& ground_;
    const Table& table_;
    Origin origin_;
    const Column* division_;
    const Column* lon_;
    const Column* lat_;
    Buffer<std::uint16_t> remarks_;
    Buffer<std::int32_t> given_;
    std::vector<std::int32_t> located_;
    std::vector<double> lon_deg_;  // in WGS84 once located; NaN without a usable position
    std::vector<double> lat_deg_;
};

// Division of the enterprise of each row, -1 where it is not known.
std::vector<std::int32_t> enterprise_divisions(const Ground& ground, const Table& rows,
                                               IssueTable& issues) {
    const Table* table = ground.options.enterprises;
    const Column* owner = rows.find("enterprise");
    if (table == nullptr || owner == nullptr) return {};
    const Column& id = table->at("id");
    Register enterprises(ground, *table, "enterprises");
    enterprises.read();
    Assignment found;
    enterprises.choose({}, found);
    enterprises.report(found, {}, false, issues);

    const IdNumbers listed(id, ground.work);
    constexpr std::int32_t unseen = -2;
    std::vector<std::int32_t> division(listed.size(), unseen);
    std::vector<std::uint8_t> torn(listed.size(), 0);
    for (std::size_t e = 0; e < table->rows(); ++e) {
        if (listed.numbers()[e] < 0) continue;
        const auto number = static_cast<std::size_t>(listed.numbers()[e]);
        if (division[number] == unseen)
            division[number] = found.division[e];
        else if (division[number] != found.division[e])
            torn[number] = 1;
    }
    for (std::size_t e = 0; e < table->rows(); ++e) {
        const std::int32_t number = listed.numbers()[e];
        if (number < 0 || torn[static_cast<std::size_t>(number)] == 0) continue;
        issues.add("region.enterprise_conflict", enterprises.origin(), static_cast<std::int64_t>(e),
                   "id", listed.text(number));
    }
    for (std::size_t k = 0; k < division.size(); ++k)
        if (torn[k] != 0) division[k] = -1;

    const IdNumbers owners(*owner, ground.work);
    std::vector<std::int32_t> by_owner = match_ids(owners, listed);
    for (std::int32_t& number : by_owner)
        if (number >= 0) number = division[static_cast<std::size_t>(number)];
    std::vector<std::int32_t> out(rows.rows(), -1);
    for_blocks(rows.rows(), ground.work, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const std::int32_t number = owners.numbers()[i];
            if (number >= 0) out[i] = by_owner[static_cast<std::size_t>(number)];
        }
    });
    return out;
}

}  // namespace

double sign_test(std::size_t successes, std::size_t n) {
    if (successes == 0) return 1.0;
    if (successes > n) return 0.0;
    // C(n, successes) / 2^n with the exponent apart, then the ratios of the terms that follow. The
    // smaller tail is the one that is summed, so that nothing cancels.
    const std::size_t failures = n - successes;
    if (successes <= failures) return 1.0 - sign_test(failures + 1, n);
    double mantissa = 1.0;
    long exponent = -static_cast<long>(n);
    for (std::size_t i = 1; i <= failures; ++i) {
        int shift = 0;
        mantissa = std::frexp(
            mantissa * (static_cast<double>(successes + i) / static_cast<double>(i)), &shift);
        exponent += shift;
    }
    double sum = 1.0;
    double term = 1.0;
    for (std::size_t k = successes + 1; k <= n && term > sum * 1e-18; ++k) {
        term *= static_cast<double>(n - k + 1) / static_cast<double>(k);
        sum += term;
    }
    return exponent < -1100 ? 0.0 : std::ldexp(mantissa * sum, static_cast<int>(exponent));
}

std::vector<std::int32_t> join(const Divisions& divisions, const Boundaries& boundaries,
                               IssueTable& issues) {
    const Origin origin{.table = "boundaries", .source = {}, .first_line = -1, .lines = {}};
    std::vector<std::int32_t> joined(boundaries.size(), -1);
    std::int32_t common = -1;
    DivisionLevel finest = DivisionLevel::country;
    for (std::size_t b = 0; b < boundaries.size(); ++b) {
        const Resolved found = divisions.resolve(boundaries[b].code);
        if (found.match != Match::exact && found.match != Match::successor) {
            issues.add("region.boundary_without_division", origin, boundaries[b].row, "code",
                       boundaries[b].code.text(), {boundaries[b].name});
            continue;
        }
        joined[b] = found.index;
        finest = std::max(finest, divisions.level(found.index));
        if (common < 0) common = found.index;
        while (!divisions.contains(common, found.index))
            common = divisions.parent(common);
    }
    if (common < 0) return joined;

    const std::vector<std::int32_t> units = divisions.units_at(finest);
    std::set<std::int32_t> missing;
    for (std::int32_t i = common; i < divisions.subtree_end(common); ++i)
        if (units[static_cast<std::size_t>(i)] >= 0)
            missing.insert(units[static_cast<std::size_t>(i)]);
    for (const std::int32_t division : joined)
        if (division >= 0) missing.erase(units[static_cast<std::size_t>(division)]);
    for (const std::int32_t unit : missing)
        issues.add("region.division_without_boundary", origin, -1, "code",
                   divisions.code(unit).text(), {divisions.name(unit)});
    return joined;
}

Assignment assign(const Divisions& divisions, const Table& rows, const AssignOptions& options,
                  const Work& work) {
    if ((options.boundaries == nullptr) != (options.locator == nullptr))
        throw InputError("assign: boundaries and locator are given together or not at all");
    if (!(options.crs_significance >= 0.0 && options.crs_significance <= 1.0))
        throw InputError("assign: crs_significance is " + print_number(options.crs_significance) +
                         "; it is a probability, 0 to 1");
    Assignment out;
    Ground ground{divisions, options, work, {}};
    if (options.boundaries != nullptr) {
        out.boundary_division = join(divisions, *options.boundaries, out.issues);
        for (const Boundary& boundary : options.boundaries->all())
            ground.region_division.push_back(divisions.resolve(boundary.code).index);
    }
    const std::vector<std::int32_t> enterprise = enterprise_divisions(ground, rows, out.issues);
    Register rows_register(ground, rows, "risk_points");
    rows_register.read();
    rows_register.choose(enterprise, out);
    rows_register.report(out, enterprise, true, out.issues);
    rows_register.check_crs(out.issues);
    return out;
}

}  // namespace safetyrisk::region
