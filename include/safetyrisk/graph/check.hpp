// Checks: where the responsibility graph leaves nobody, too many, or the wrong one responsible.
//
// Each rule holds, fails, is partly assessed or is not assessed. It is not assessed, and never
// passed, when a table or a column that it needs was not given, when there is nothing it could be
// asked of, when its text is not in force on the day asked, or when it belongs to another room. It
// is partly assessed when nothing was found and some of its subjects lack a value that it needs:
// those are counted with the reason, and neither passed nor blamed. A finding names its subject
// first, then the other nodes and the edges that witness it. A check of millions of enterprises may
// find millions of things, so findings are kept by number and their sentences are made, in Chinese
// or English, only when somebody reads them.
//
// Threads: Findings are immutable and may be read by many; check runs on options.work.threads.
// Throws: InputError (no day, a parameter that is not JSON), NotFoundError (an unknown rule,
// profile, parameter), Interrupted; std::out_of_range for an index past the end.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/rule.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

enum class RuleState : std::uint8_t { holds, fails, partly, not_assessed };

/// "holds", "fails", "partly", "not_assessed".
std::string_view to_string(RuleState state);

struct CheckOptions {
    std::optional<Date> on;          ///< Empty: the graph's data date.
    std::string profile;             ///< Empty: "national".
    std::vector<std::string> rules;  ///< Ids and groups; empty: all.
    /// Parameters set otherwise: "RG-10.days" → JSON text "45".
    std::map<std::string, std::string> parameters;
    std::shared_ptr<const RuleSet> rule_set;  ///< Null: RuleSet::usual().
    Work work;
};

/// One row of the findings, with its sentences made.
struct Finding {
    std::string rule;
    Severity severity = Severity::error;  ///< `info` where the rule is not (all) assessed.
    RuleState status = RuleState::fails;  ///< fails, partly or not_assessed.
    std::vector<std::string> nodes;       ///< Ids; the subject first.
    std::vector<std::string> edges;       ///< "source KIND target".
    std::string message;  ///< What is wrong with whom; why it is not (all) assessed.
    std::string cure;     ///< What would mend it.
};

/// What came of one rule.
struct RuleStatus {
    std::string rule, group;
    Severity severity = Severity::error;
    RuleState status = RuleState::holds;
    std::string reason;                  ///< Why it is not assessed, or what of it was not.
    std::size_t examined = 0;            ///< Subjects it was asked of.
    std::size_t unjudged = 0;            ///< Those of them that could not be judged in full.
    std::array<std::size_t, 3> found{};  ///< Findings by Severity.
};

class Findings {
public:
    /// What a check leaves behind (src/graph/rules.hpp).
    struct Data;
    explicit Findings(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

    /// Rows: a finding each, and one row for each rule that is partly or not assessed; in the order
    /// of the rules, then of the ids of the nodes.
    std::size_t size() const;
    Finding at(std::size_t row, Lang lang = Lang::zh) const;
    std::string_view rule(std::size_t row) const;
    Severity severity(std::size_t row) const;
    RuleState status(std::size_t row) const;
    std::span<const NodeNo> nodes(std::size_t row) const;
    std::span<const EdgeNo> edges(std::size_t row) const;
    /// Words of its sentence that are no nodes: a sector, a number.
    std::span<const std::string> words(std::size_t row) const;

    /// Findings of a severity; rows of rules that are partly or not assessed do not count.
    std::size_t count(Severity severity) const;

    /// One entry for each rule asked, in the order of the pack.
    std::vector<RuleStatus> rules(Lang lang = Lang::zh) const;

    Date on() const;
    /// ResponsibilityGraph::day_notes of the day asked.
    std::vector<std::string> notes(Lang lang = Lang::zh) const;
    const std::string& profile() const;
    const RuleSet& rule_set() const;

    /// Columns rule, severity, nodes, edges, message, cure, status.
    Table to_table(Lang lang = Lang::zh) const;
    /// Columns rule, group, severity, status, reason, examined, unjudged, errors, warnings, infos,
    /// statement, source, confidence.
    Table rules_table(Lang lang = Lang::zh) const;
    /// {"format":1,"on","notes","profile","pack","sha256","counts","rules":[…],"findings":[…]}.
    std::string to_json(Lang lang = Lang::zh) const;

    const Data& data() const { return *data_; }

private:
    std::shared_ptr<const Data> data_;
};

/// Asks the rules of a graph on one day.
Findings check(const ResponsibilityGraph& graph, const CheckOptions& options = {});

}  // namespace safetyrisk::graph
