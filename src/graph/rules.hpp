// How a rule looks at a graph and says what it found.
//
// A rule is a function of a RuleRun. It goes over its subjects once, counts them with examined(),
// and reports breaches; it neither sorts nor writes sentences. What several rules need (nodes and
// edges by kind, the territory, seats) is in the RuleContext, made once when first asked for. Rules
// run at the same time on several threads: a context is read only, and each run has its own buffer.
#pragma once

#include <safetyrisk/graph/check.hpp>

#include "core/json_view.hpp"
#include "graph/regulators.hpp"
#include "graph/rule_context.hpp"
#include "graph/store.hpp"

#include <deque>
#include <functional>
#include <initializer_list>
#include <mutex>

namespace safetyrisk::graph {

/// Rows of findings by number; one buffer for each rule.
struct FindingRows {
    struct Row {
        std::uint16_t message = 0;
        Severity severity = Severity::error;
        std::uint32_t nodes = 0, edges = 0, words = 0;  // where they begin
    };
    std::vector<Row> rows;
    std::vector<NodeNo> nodes;
    std::vector<EdgeNo> edges;
    std::vector<std::string> words;

    std::span<const NodeNo> nodes_of(std::size_t i) const;
    std::span<const EdgeNo> edges_of(std::size_t i) const;
    std::span<const std::string> words_of(std::size_t i) const;
};

/// Why a rule or a half of it is not assessed.
enum class Reason : std::uint8_t {
    nothing,
    table_missing,   ///< {a}: the table.
    column_missing,  ///< {a}: the column.
    no_subjects,
    not_in_force,     ///< {a}: since when, or until when.
    elsewhere,        ///< {a}: the room.
    not_set,          ///< {a}: the parameter.
    not_due,          ///< {a}: the day from which it is asked.
    records,          ///< {a}: the action of which no record lies on or before the day.
    values,           ///< {a}: the column that some subjects leave empty.
    unclear,          ///< {a}: the column in which some have what cannot be read or contradicts.
    unclear_records,  ///< {a}: the action of which some may have a record that cannot be read.
};

/// Whether the tables have what `columns` of a rule names: "enterprises.employees"; "a.b|a.c" for
/// one of several, "edges:HOLDS" for edges of a kind, "records:drill" for records of an action,
/// "nodes.unit?site,grid" where it is asked of those kinds of nodes only. Edges and records are
/// given from their first day on: nobody is blamed for what nobody had registered by then.
bool column_given(const View& view, std::string_view column);

/// One rule at work.
class RuleRun {
public:
    RuleRun(const RuleContext& context, const Rule& rule, std::string_view profile,
            const std::map<std::string, std::string>& parameters);

    const RuleContext& c;
    const View& view;
    const Store& s;
    const Known& k;
    const Rule& rule;

    /// What could not be assessed: of the whole rule, or of parts and subjects of it.
    struct Gap {
        Reason reason = Reason::nothing;
        std::string word;
        std::size_t subjects = 0;  // 0: all of them, or none in particular
    };

    void examined(std::size_t subjects = 1) { examined_ += subjects; }
    /// The whole rule cannot be assessed; what was reported is withdrawn.
    void not_assessed(Reason reason, std::string word = {});
    /// A half of it cannot, for all its subjects; the rest stands.
    void partly(Reason reason, std::string word = {});
    /// What of a column, as column_given has it, was not given; nothing if it was. The word of
    /// a parameter stands as {name}: "records:{action}".
    std::optional<Gap> lacks(std::string_view column) const;
    /// Whether a column is given that the rule, or a half of it, needs; says so where it is not.
    bool needs(std::string_view column);
    /// The subject examined last (or so many) cannot be judged: it lacks what the rule asks for.
    void unknown(Reason reason, std::string_view word, std::size_t subjects = 1);
    void unknown(const Gap& what) { unknown(what.reason, what.word); }
    /// It can be judged in part only.
    void half(Reason reason, std::string_view word, std::size_t subjects = 1);
    void half(const Gap& what) { half(what.reason, what.word); }
    /// Why the cell of a column cannot be used: it is empty, or has what cannot be read.
    static Reason why(bool unclear) { return unclear ? Reason::unclear : Reason::values; }

    /// A finding: the message by its id in the pack, the subject first among the nodes.
    void report(std::string_view message, std::span<const NodeNo> nodes,
                std::span<const EdgeNo> edges = {}, std::initializer_list<std::string> words = {});
    void report(std::string_view message, std::initializer_list<NodeNo> nodes,
                std::initializer_list<EdgeNo> edges = {},
                std::initializer_list<std::string> words = {});
    /// The same with the severity that the pack gives a case ("town").
    void report_case(std::string_view severity_case, std::string_view message,
                     std::span<const NodeNo> nodes, std::span<const EdgeNo> edges = {},
                     std::initializer_list<std::string> words = {});
    void report_case(std::string_view severity_case, std::string_view message,
                     std::initializer_list<NodeNo> nodes, std::initializer_list<EdgeNo> edges = {},
                     std::initializer_list<std::string> words = {});

    /// Parameters: as the caller set them, else as the profile does, else the pack.
    const detail::Json& parameter(std::string_view name) const;
    bool is_set(std::string_view name) const { return !parameter(name).is_null(); }
    double number(std::string_view name) const;
    std::vector<std::string> texts(std::string_view name) const;
    std::vector<KindNo> post_kinds(std::string_view name) const;
    std::vector<KindNo> node_kinds(std::string_view name) const;
    /// Whether a region is only a step of the division code (市辖区) without bodies of its own, by
    /// the parameter `formal_regions`.
    bool formal(NodeNo region) const;
    /// The day MM-DD of a parameter in the year of the day asked.
    Date day_of_year(std::string_view name) const;

    /// Words of a sentence that differ by language: the name of a post kind, a sector, a link …
    std::string post_word(KindNo kind) const;
    std::string node_word(KindNo kind) const;
    std::string edge_word(KindNo kind) const;
    std::string sector_word(std::uint32_t sector) const;
    static std::string level_word(std::uint8_t level);
    /// A number as a sentence has it: no decimals where there are none.
    static std::string number_word(double number);

    const FindingRows& found() const { return found_; }
    FindingRows take() { return std::move(found_); }
    std::size_t examined_count() const { return examined_; }
    bool whole() const { return whole_; }  ///< Whether the rule cannot be assessed at all.
    const std::vector<Gap>& gaps() const { return gaps_; }
    std::size_t unjudged() const { return unjudged_; }
    std::size_t judged() const { return examined_ - std::min(examined_, unknown_); }

private:
    void add(Severity severity, std::size_t message, std::span<const NodeNo> nodes,
             std::span<const EdgeNo> edges, std::initializer_list<std::string> words);
    std::size_t message_no(std::string_view id) const;

    std::map<std::string, detail::Json, std::less<>> parameters_;
    FindingRows found_;
    std::size_t examined_ = 0;
    void gap(Reason reason, std::string_view word, std::size_t subjects);
    bool first_of_subject(std::size_t subjects);

    std::vector<Gap> gaps_;
    std::size_t unjudged_ = 0, unknown_ = 0, marked_ = 0;
    bool whole_ = false;
};

using RuleFunction = void (*)(RuleRun&);

/// The function of a rule, or null for one that belongs to another room.
RuleFunction rule_function(std::string_view id);
bool is_rule(std::string_view id);

/// Functions by group, each in a file of its own.
struct RuleEntry {
    std::string_view id;
    RuleFunction function;
};
std::span<const RuleEntry> rules_government();   // RG
std::span<const RuleEntry> rules_territory();    // RT
std::span<const RuleEntry> rules_departments();  // RD
std::span<const RuleEntry> rules_enterprises();  // RE
std::span<const RuleEntry> rules_hazards();      // RH
std::span<const RuleEntry> rules_tasks();        // RK
std::span<const RuleEntry> rules_structure();    // RS

/// What a check leaves behind.
struct Findings::Data {
    ResponsibilityGraph graph;
    std::shared_ptr<const Overlay> overlay;
    std::shared_ptr<const RuleSet> set;
    Date on;
    std::string profile;
    struct Outcome {
        std::size_t rule = 0;  // in set->rules()
        RuleState state = RuleState::holds;
        std::vector<RuleRun::Gap> gaps;
        std::size_t examined = 0, unjudged = 0;
        FindingRows found;
        std::vector<std::uint32_t> order;  // of found.rows
    };
    std::vector<Outcome> outcomes;
    std::vector<std::size_t> first_row;  // of each outcome, and the end
};

/// The check of a graph with changes laid over it, on some of its nodes (null: all).
Findings check_view(const ResponsibilityGraph& graph, std::shared_ptr<const Overlay> overlay,
                    const CheckOptions& options, const std::vector<NodeNo>* only);

}  // namespace safetyrisk::graph
