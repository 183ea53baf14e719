// After an accident: its grade, who investigates, and who stands in the chain of both sides.
//
// 一案双查: the enterprise's side (principal, other leaders and posts, contractors and lessors,
// group, agencies) and the government's (departments that permit, regulate or supervise
// comprehensively, with the posts inside them and the leaders in charge; the territory and its
// leaders; whoever found, verified or closed its hazards), as of the day of the accident. With
// every node: capacity, path, records of the twelve months before, the records one would expect and
// does not find, and what the law provides. Then the clocks and the list of hazards and visits to
// look back on.
//
// Structural responsibility, 未评定尽职免责: a place in this list says nothing about fault.
//
// Source: pack `accountability`
// (《生产安全事故报告和调查处理条例》第三、九至十三、十九至二十一、二十九、三十二条;
// 《安全生产法》(2021) 第八十六、八十七、九十、九十四至九十六、一百一十、一百一十四条; 2018规定
// 第十八至二十四条).
//
// Threads: free functions over an immutable graph; results are values.
// Throws: NotFoundError (an unknown node, an unknown escalation), InputError (negative numbers, a
// loss that is no number, a node of a kind that has no accidents).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/who.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::graph {

/// What happened. Of a node of kind accident its own attributes fill what is not given.
struct AccidentFacts {
    std::optional<std::int64_t> deaths;
    std::optional<std::int64_t> injuries;  ///< Serious ones, acute industrial poisoning included.
    std::optional<double> loss;            ///< Direct economic loss, yuan.
    std::optional<Date> on;                ///< Day of the accident; default the data date.
    std::optional<Date> approved_on;       ///< Day the investigation report was approved.
    std::vector<std::string> sectors;      ///< Of the accident; default those of the node.
    bool concealed = false;
    bool exceptional = false;  ///< Art. 114 para. 2: exceptionally serious.
};

struct AccountabilityOptions {
    bool escalate = false;  ///< 提级: investigation and ceiling one level up (Order 493 Art. 20).
    std::vector<std::string> escalations;   ///< Ids of the pack's rules that are in force here.
    std::map<std::string, double> incomes;  ///< Last year's income, yuan, by post or person id.
    std::shared_ptr<const Pack> pack;       ///< Null: the pack `accountability`.
    std::shared_ptr<const Pack> capacities;
};

struct Evidence {
    std::string action;
    double count = 0;  ///< In the window; sum of `count`.
    Date last;
};

/// One node of the two trees.
struct Exposed {
    std::string side;      ///< "enterprise" or "government".
    std::string branch;    ///< "enterprise", "contract", "group", "agency", "department",
                           ///< "territory", "hazard".
    std::string capacity;  ///< C1…C14; empty for contracts, posts inside departments and hazards.
    std::string node, name, kind;
    std::string above;                 ///< Node under which it hangs in the tree; empty: the root.
    std::vector<std::string> holders;  ///< Of a post, on the day.
    bool vacant = false;               ///< A post that nobody holds.
    std::string level;                 ///< country … village; empty on the enterprise's side.
    std::vector<PathEdge> path;
    std::string basis, confidence;
    bool within = true;  ///< Within the ceiling of those examined.
    std::vector<Evidence> evidence;
    std::vector<std::string> absent;  ///< Actions one would expect and no record shows.
    std::string successor;            ///< Of a unit that is gone by the day: who took over.
    std::string penalty_zh, penalty_en;
    std::optional<double> penalty_from, penalty_to;  ///< Yuan; of incomes that were given.
};

struct Clock {
    std::string id;  ///< "report_county", "update", "investigation", "approval", "evaluation".
    std::string zh, en;
    std::optional<int> hours;
    std::optional<Date> due;
    std::string source;
};

/// One hazard to look back on (倒查).
struct LookBack {
    std::string hazard, name, grade, state;
    std::optional<Date> found_on, due_on, closed_on;
    std::vector<std::string> finders, owners, verifiers, closers;
    std::int64_t days_open = -1;  ///< Till closed or till the accident; -1: unknown.
    bool overdue = false, closed_unverified = false, closed_by_owner = false, never_checked = false;
};

/// One visit to the unit in the window.
struct Visit {
    std::string by, name, action;
    Date on;
    std::int64_t hazards_recorded = 0;  ///< Hazards of the unit found about that day by that party.
};

/// An action of records in words.
struct ActionWord {
    std::string action, zh, en;
};

struct Accountability {
    std::string node, name;
    Date on;
    std::string grade, grade_zh, grade_en;        ///< "general", …
    std::vector<std::string> criteria;            ///< Those that reach it: deaths, injuries, loss.
    std::string investigator_level;               ///< "county", …
    std::string investigator, investigator_name;  ///< The region; empty when the tree has none.
    std::string body_zh, body_en;                 ///< Of sectors with a procedure of their own.
    std::vector<std::string> escalated_by;        ///< Ids of rules, "escalate".
    std::string ceiling_leaders, ceiling_departments;  ///< Levels.
    std::string note_zh, note_en;
    std::string official_zh, official_en;  ///< Said of every official.
    std::vector<ActionWord> words;
    std::string source;
    double fine_from = 0, fine_to = 0;       ///< Of the unit, yuan.
    std::string fine_when_zh, fine_when_en;  ///< On what finding it is due, by which clause.
    bool records_given = false;
    Date window_from;
    std::vector<Exposed> exposed;
    std::vector<Clock> clocks;
    std::vector<LookBack> hazards;
    std::vector<Visit> visits;
    std::vector<Missing> missing;  ///< Mandatory capacities nobody has.

    std::string text(Lang lang = Lang::zh) const;
    std::string to_json(Lang lang = Lang::zh) const;
    /// Columns side, branch, capacity, node, name, kind, above, holders, level, within, basis,
    /// confidence, evidence, absent, penalty, successor, penalty_from, penalty_to.
    Table table(Lang lang = Lang::zh) const;
    /// Columns clock, text, hours, due, source.
    Table clock_table(Lang lang = Lang::zh) const;
    /// Columns hazard, name, grade, state, found_on, due_on, closed_on, finders, owners, verifiers,
    /// closers, days_open, overdue, closed_unverified, closed_by_owner, never_checked.
    Table hazard_table() const;
    /// Columns on, by, name, action, hazards_recorded.
    Table visit_table() const;
};

Accountability accountability(const ResponsibilityGraph& graph, std::string_view node,
                              const AccidentFacts& facts,
                              const AccountabilityOptions& options = {});

/// The grade of an accident: the gravest that any of the three numbers reaches (以上 includes).
/// "general", "larger", "major" or "extra".
std::string accident_grade(std::int64_t deaths, std::int64_t injuries, double loss,
                           const std::shared_ptr<const Pack>& pack = nullptr);

}  // namespace safetyrisk::graph
