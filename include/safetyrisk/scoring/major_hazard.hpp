// Major hazard installations for hazardous chemicals (危险化学品重大危险源, GB 18218-2018).
//
// A unit (a plant between shut-off valves, a tank farm within its dike, a warehouse building) is a
// major hazard installation when S = Σ q/Q reaches 1; only then it has a level, by
// R = α·Σ β·q/Q. q is the design maximum in tonnes. Q is that of table 1 for the substances named
// there, else the lowest of table 2 for the substance's category symbols. β is that of table 3 for
// the gases named there, else that of table 4 by symbol. α goes by the people who live within 500 m
// of the plant's boundary. S decides, R grades.
//
// Nothing is guessed. A substance that nobody can place, a symbol or a quantity that is missing
// leaves its unit without S, R and level; what is certain is then the least that S can be. A name,
// alias or CAS number that the standard gives to several rows decides nothing by itself. Sums and
// comparisons are exact: quantities are taken as the shortest decimals of their doubles, so that
// 0.1 t + 0.2 t against Q = 0.3 t is 1 and not a hair beside it.
//
// Levels 一级 to 四级 are a scale of their own and no colours: the standard has none.
//
// Threads: results are immutable; the function reads what it is given.
// Throws: InputError, NotFoundError as noted; a wrong row is an Issue.
#pragma once

#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

/// A row of table 1.
struct Substance {
    int no = 0;  ///< As printed, from 1.
    std::string name;
    std::string en;
    std::vector<std::string> aliases;
    std::vector<std::string> cas;
    double q = 0.0;              ///< Q, tonnes.
    std::optional<double> beta;  ///< Of table 3; nothing: by symbol, table 4.
    Words condition;             ///< What the name demands (含量>90%); may be empty.
};

/// A row of tables 2 and 4.
struct HazardCategory {
    std::string symbol;  ///< "W5.3".
    Words name;
    Words description;
    double q = 0.0;  ///< Q, tonnes.
    double beta = 0.0;
};

/// A row of table 5: people outside the plant, both ends included.
struct ExposureBand {
    std::int64_t from = 0;
    std::optional<std::int64_t> to;  ///< Nothing: no upper end.
    double alpha = 0.0;
    std::string printed;
};

/// A row of table 6.
struct HazardLevel {
    Words level;          ///< 一级 …
    std::string printed;  ///< "100>R≥50".
};

/// The standard, compiled from a pack of kind "major_hazard". Immutable; may be used from many
/// threads.
class MajorHazardStandard {
public:
    /// Refuses, with the pack's id and JSON path (InputError), a pack that contradicts itself: a
    /// CAS check digit that does not hold, a name, alias or CAS number that leads to two rows
    /// without being declared ambiguous, gaps or overlaps between bands, a gas of table 3 that is
    /// nowhere in table 1, a self-test that does not hold.
    static std::shared_ptr<const MajorHazardStandard> compile(std::shared_ptr<const Pack> pack);

    /// The standard of a name, "gb18218" or "gb18218.2018", from the library's own packs; throws as
    /// PackRegistry::find does.
    static std::shared_ptr<const MajorHazardStandard> find(
        std::string_view name = "gb18218", std::optional<Date> as_of = std::nullopt);

    const Pack& pack() const { return *pack_; }
    const std::vector<Substance>& substances() const { return substances_; }
    const std::vector<HazardCategory>& categories() const { return categories_; }
    /// Most people first.
    const std::vector<ExposureBand>& exposure() const { return exposure_; }
    /// Gravest first.
    const std::vector<HazardLevel>& levels() const { return levels_; }

    /// The rows of table 1 (indices into substances()) that a name or an alias means; none when it
    /// is not there, several when the standard itself gives it to several. Width, brackets, blanks
    /// and punctuation do not matter; a name without its bracketed condition is known, too.
    std::vector<std::size_t> by_name(std::string_view name) const;
    /// The same for a CAS number, with or without hyphens.
    std::vector<std::size_t> by_cas(std::string_view cas) const;

    struct Tables;  // what the computation needs, in src/
    const Tables& tables() const { return *tables_; }

private:
    MajorHazardStandard() = default;
    void run_tests(std::shared_ptr<const MajorHazardStandard> self) const;

    std::shared_ptr<const Pack> pack_;
    std::vector<Substance> substances_;
    std::vector<HazardCategory> categories_;
    std::vector<ExposureBand> exposure_;
    std::vector<HazardLevel> levels_;
    std::shared_ptr<const Tables> tables_;
};

struct MajorHazardOptions {
    /// The standard; null for the one valid on `as_of`, by default GB 18218-2018.
    std::shared_ptr<const MajorHazardStandard> standard;
    std::optional<Date> as_of;
    /// People within 500 m of the boundary (厂外可能暴露人员), for all units.
    std::optional<std::int64_t> exposed;
    /// The same by unit, before `exposed`. What neither gives is read from the column `exposed`.
    std::map<std::string, std::int64_t> exposed_by_unit;
    /// Where the standard does not say which β holds (several symbols with different β, or no
    /// symbol for a substance of table 1), take the largest that may: an assumption of the
    /// caller's, and reported. Without it such a unit has no R.
    bool largest_beta = false;
    Work work;
};

/// Whether a unit is a major hazard installation.
enum class MajorState : std::uint8_t { no, yes, undetermined };

/// "no", "yes", "undetermined".
std::string_view to_string(MajorState state);

/// How many units had which fate; rows_in = graded + not_gradable + rejected.
struct MajorHazardCounts {
    std::size_t units = 0, yes = 0, no = 0, undetermined = 0, incomplete = 0;
    std::size_t rows_in = 0, graded = 0, not_gradable = 0, rejected = 0;
    std::vector<std::size_t> levels;  ///< Units of each level, gravest first.
};

class MajorHazardRun;  // in src/

/// The units of a table of substances, judged; see major_hazard().
class MajorHazards {
public:
    std::size_t units() const;
    const MajorHazardStandard& standard() const;
    const IssueTable& issues() const;
    MajorHazardCounts counts() const;

    /// One row for each unit, by name. `unit`; `S`, `R` and `level` (null where there is none: S
    /// and R of an incomplete unit, R and level below S = 1); `complete`; `S_at_least` (the sum of
    /// what is certain; S itself when that is known); `missing` ("甲醇: symbol; exposed", null when
    /// nothing is); `major` (`yes no undetermined`); `exposed`, `alpha`; `rows graded not_gradable
    /// rejected` (counts of rows); `clause`; `method`.
    Table to_table() const;

    /// One row for each row of the input, in its order: `row`, `unit`, `name`, `cas`,
    /// `substance_no` and `substance` (of table 1), `symbol` (the one that decided Q, or β),
    /// `quantity_t`, `Q`, `Q_clause`, `ratio` (q/Q), `beta`, `beta_clause`, `status` and `reason`
    /// (issue codes).
    ///
    /// A row whose β is missing is not gradable and counts nowhere, although S needs no β: what is
    /// incomplete shall not pass for complete.
    Table rows_table() const;

    /// Why a unit is judged so, as prose or as JSON; throws NotFoundError when there is no such
    /// unit.
    std::string text(std::size_t unit, Lang lang = Lang::zh) const;
    std::string json(std::size_t unit, Lang lang = Lang::zh) const;

    /// The index of a unit by its name as in to_table(), or nothing.
    std::optional<std::size_t> unit_of(std::string_view name) const;

    struct State;  // rows, units and issues, in src/

private:
    friend class MajorHazardRun;
    std::shared_ptr<const State> state_;
};

/// Judges every unit of a table of substances. Columns: `unit`; `name` or `cas`; `symbol` (several
/// separated by ";"); `quantity_t` (tonnes), or `quantity` with `quantity_unit` (t, kg, m3, L) and
/// for volumes `density_t_m3`; `exposed` where the call does not say it. Rows of one substance in
/// one unit add up. Throws InputError and NotFoundError only for the call.
MajorHazards major_hazard(Table substances, const MajorHazardOptions& options = {});

}  // namespace safetyrisk::scoring
