#include <safetyrisk/graph/rule.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::graph {
namespace {

using detail::JsonView;

Severity read_severity(const JsonView& view) {
    const std::string word = view.text();
    for (const Severity severity : {Severity::error, Severity::warning, Severity::info})
        if (word == to_string(severity)) return severity;
    view.fail("must be error, warning or info");
}

Confidence read_confidence(const JsonView& view) {
    const std::string word = view.text();
    for (const Confidence confidence : {Confidence::confirmed_twice, Confidence::confirmed_once,
                                        Confidence::unconfirmed, Confidence::design})
        if (word == to_string(confidence)) return confidence;
    view.fail("must be V2, V1, M or D");
}

std::optional<Date> read_date(const JsonView& rule, std::string_view key) {
    if (!rule.has(key)) return std::nullopt;
    const std::optional<Date> date = Date::parse(rule.at(key).text());
    if (!date) rule.at(key).fail("is no date");
    return date;
}

RuleParameter read_parameter(const JsonView& view, std::string name,
                             const std::vector<std::string>& profiles) {
    view.only({"value", "confidence", "text", "profiles"});
    RuleParameter out;
    out.name = std::move(name);
    out.value = view.node().at("value").dump();
    out.confidence = read_confidence(view.at("confidence"));
    out.zh = view.at("text").at("zh").text();
    out.en = view.at("text").at("en").text();
    if (view.has("profiles"))
        for (const auto& [profile, value] : view.at("profiles").node().items()) {
            if (std::find(profiles.begin(), profiles.end(), profile) == profiles.end())
                view.at("profiles").fail("'" + profile + "' is no profile of the pack");
            out.profiles.emplace(profile, value.dump());
        }
    return out;
}

Rule read_rule(const JsonView& view, const std::vector<std::string>& profiles) {
    view.only({"id", "group", "severity", "severities", "statement", "cure", "source", "valid_from",
               "valid_to", "confidence", "tables", "columns", "parameters", "messages", "not_in"});
    Rule rule;
    rule.id = view.at("id").text();
    rule.group = view.at("group").text();
    if (rule.id.rfind(rule.group + "-", 0) != 0)
        view.at("id").fail("does not begin with its group");
    rule.severity = read_severity(view.at("severity"));
    if (view.has("severities"))
        for (const auto& [word, value] : view.at("severities").node().items())
            rule.severities.emplace(word,
                                    read_severity(JsonView(value, view.path() + ".severities")));
    rule.statement_zh = view.at("statement").at("zh").text();
    rule.statement_en = view.at("statement").at("en").text();
    rule.cure_zh = view.at("cure").at("zh").text();
    rule.cure_en = view.at("cure").at("en").text();
    for (const JsonView& source : view.at("source").items()) {
        source.only({"document", "clause", "edition", "profile"});
        rule.source_profiles.push_back(source.text_or_empty("profile"));
        rule.sources.push_back({source.at("document").text(), source.text_or_empty("clause"),
                                source.text_or_empty("edition")});
    }
    if (rule.sources.empty()) view.fail("a rule names at least one source");
    rule.valid_from = read_date(view, "valid_from");
    rule.valid_to = read_date(view, "valid_to");
    if (rule.valid_from && rule.valid_to && *rule.valid_to < *rule.valid_from)
        view.fail("ends before it begins");
    rule.confidence = read_confidence(view.at("confidence"));
    for (const JsonView& table : view.at("tables").items())
        rule.tables.push_back(table.text());
    for (const JsonView& column : view.at("columns").items()) {
        rule.columns.push_back(column.text());
        if (rule.columns.back().find_first_of(".:") == std::string::npos)
            column.fail(
                "a column is written table.column, edges of a kind edges:KIND, records of "
                "an action records:ACTION");
    }
    if (view.has("parameters"))
        for (const auto& [name, value] : view.at("parameters").node().items())
            rule.parameters.push_back(read_parameter(
                JsonView(value, view.path() + ".parameters." + name), name, profiles));
    if (view.has("messages"))
        for (const auto& [id, value] : view.at("messages").node().items()) {
            const JsonView message(value, view.path() + ".messages." + id);
            message.only({"zh", "en"});
            const auto severity = rule.severities.find(id);
            rule.messages.push_back(
                {id, message.at("zh").text(), message.at("en").text(),
                 severity == rule.severities.end() ? rule.severity : severity->second});
        }
    rule.not_in = view.text_or_empty("not_in");
    if (rule.messages.empty() && rule.not_in.empty()) view.fail("a rule has at least one message");
    return rule;
}

}  // namespace

RuleSet::RuleSet(std::shared_ptr<const Pack> pack) : pack_(std::move(pack)) {
    if (pack_->kind != "rules")
        throw InputError(pack_->id + ": is a pack of kind '" + pack_->kind + "', not rules");
    const detail::Json document = detail::parse_json(pack_->canonical, pack_->id);
    const JsonView content = JsonView(document, pack_->id).at("content");
    content.only({"profiles", "profile_names", "rules"});
    for (const JsonView& profile : content.at("profiles").items())
        profiles_.push_back(profile.text());
    if (content.has("profile_names"))
        for (const auto& [profile, names] : content.at("profile_names").node().items())
            profile_names_.emplace(profile, std::pair(names.at("zh").get<std::string>(),
                                                      names.at("en").get<std::string>()));
    if (profiles_.empty()) content.at("profiles").fail("must name at least one profile");
    for (const JsonView& view : content.at("rules").items()) {
        Rule rule = read_rule(view, profiles_);
        for (const Rule& other : rules_)
            if (other.id == rule.id) view.at("id").fail("comes twice");
        rules_.push_back(std::move(rule));
    }
}

std::shared_ptr<const RuleSet> RuleSet::usual() {
    static const auto set = std::make_shared<const RuleSet>(PackRegistry::builtin().find("rules"));
    return set;
}

std::size_t RuleSet::at(std::string_view id) const {
    for (std::size_t i = 0; i < rules_.size(); ++i)
        if (rules_[i].id == id) return i;
    std::string known;
    for (const Rule& rule : rules_)
        if (rule.id.substr(0, 2) == id.substr(0, 2)) known += (known.empty() ? "" : " ") + rule.id;
    throw NotFoundError("no rule '" + std::string(id) + "' in " + pack_->id +
                        (known.empty() ? "" : "; there are " + known));
}

std::vector<std::size_t> RuleSet::select(const std::vector<std::string>& words) const {
    std::vector<std::uint8_t> taken(rules_.size(), words.empty() ? 1 : 0);
    for (const std::string& word : words) {
        bool group = false;
        for (std::size_t i = 0; i < rules_.size(); ++i)
            if (rules_[i].group == word) {
                taken[i] = 1;
                group = true;
            }
        if (!group) taken[at(word)] = 1;
    }
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < taken.size(); ++i)
        if (taken[i] != 0) out.push_back(i);
    return out;
}

std::vector<Source> Rule::sources_in(std::string_view profile) const {
    std::vector<Source> own;
    std::vector<Source> general;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (source_profiles[i].empty())
            general.push_back(sources[i]);
        else if (source_profiles[i] == profile)
            own.push_back(sources[i]);
    }
    own.insert(own.end(), general.begin(), general.end());
    return own.empty() ? sources : own;
}

}  // namespace safetyrisk::graph
