// The rules of the responsibility graph as data: what each asks, by which text, since when, with
// which parameters, and the sentences in which it speaks.
//
// A rule is a statement of a pack of kind `rules` and a small function of the library that looks
// for its breaches (check.hpp); statements, severities, sentences, cures, sources, dates and
// parameters are the pack's. A profile (national, shandong, shenzhen) replaces parameters.
//
// Source: pack `rules.national`; each rule names its documents and clauses.
//
// Threads: immutable after construction.
// Throws: InputError (a pack that contradicts itself), NotFoundError (an unknown rule or profile).
#pragma once

#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/source.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

/// A number or a list of a rule that a place may set otherwise.
struct RuleParameter {
    std::string name;   ///< "days".
    std::string value;  ///< JSON: "30", "[\"emergency\"]"; "null" where nothing is set.
    Confidence confidence = Confidence::unconfirmed;
    std::string zh, en;                           ///< What it is, with its unit.
    std::map<std::string, std::string> profiles;  ///< Value by profile where it differs.
};

/// One sentence of a rule. {0} {1} … stand for the finding's nodes (name and id), {rest} for all
/// but the first, {a} {b} {c} for the words and numbers of the case.
struct RuleMessage {
    std::string id;
    std::string zh, en;
    Severity severity = Severity::error;  ///< The rule's own unless the pack says otherwise.
};

struct Rule {
    std::string id;     ///< "RG-01".
    std::string group;  ///< "RG".
    Severity severity = Severity::error;
    std::string statement_zh, statement_en;
    std::string cure_zh, cure_en;
    std::vector<Source> sources;
    std::vector<std::string> source_profiles;  ///< Of each source: its profile; empty: all.
    /// The sources that hold in a profile, its own first; all where none does.
    std::vector<Source> sources_in(std::string_view profile) const;
    std::optional<Date> valid_from, valid_to;  ///< When the text behind it holds; last valid day.
    Confidence confidence = Confidence::unconfirmed;
    std::vector<std::string> tables;  ///< Tables without which it is not assessed.
    /// Columns it cannot do without: "enterprises.employees"; "a.b|a.c" one of them, "edges:HOLDS"
    /// edges of that kind, "nodes.unit?site" only where there are nodes of that kind.
    std::vector<std::string> columns;
    std::vector<RuleParameter> parameters;
    std::vector<RuleMessage> messages;
    std::map<std::string, Severity> severities;  ///< Of cases that a message does not tell apart.
    std::string not_in;  ///< Room that it belongs to when it is not the graph's: "plan".

    std::string_view statement(Lang lang) const {
        return lang == Lang::zh ? statement_zh : statement_en;
    }
    std::string_view cure(Lang lang) const { return lang == Lang::zh ? cure_zh : cure_en; }
    bool valid_on(Date day) const {
        return (!valid_from || *valid_from <= day) && (!valid_to || day <= *valid_to);
    }
};

class RuleSet {
public:
    /// The rules of a pack of kind `rules`.
    explicit RuleSet(std::shared_ptr<const Pack> pack);
    /// Those of the pack `rules.national`.
    static std::shared_ptr<const RuleSet> usual();

    /// In the order of the pack, which is that of findings.
    const std::vector<Rule>& rules() const { return rules_; }
    const std::vector<std::string>& profiles() const { return profiles_; }
    /// What a profile is called, Chinese and English, where the pack says it.
    const std::map<std::string, std::pair<std::string, std::string>>& profile_names() const {
        return profile_names_;
    }
    const Pack& pack() const { return *pack_; }

    /// Place of a rule in rules(); throws NotFoundError listing the rules of its group.
    std::size_t at(std::string_view id) const;
    /// Places of rules by ids and groups ("RG-01", "RG"), ascending; all when empty. Throws
    /// NotFoundError for a word that is neither.
    std::vector<std::size_t> select(const std::vector<std::string>& words) const;

private:
    std::shared_ptr<const Pack> pack_;
    std::vector<Rule> rules_;
    std::vector<std::string> profiles_;
    std::map<std::string, std::pair<std::string, std::string>> profile_names_;
};

}  // namespace safetyrisk::graph
