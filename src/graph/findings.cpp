#include <safetyrisk/core/error.hpp>

#include "core/column_words.hpp"
#include "graph/rules.hpp"
#include "graph/words.hpp"

#include <algorithm>
#include <stdexcept>

namespace safetyrisk::graph {
namespace {

using detail::Json;
using Outcome = Findings::Data::Outcome;

// At most so many nodes are named in a sentence; all stand in `nodes`.
constexpr std::size_t named_in_a_sentence = 5;

struct Place {
    const Outcome* outcome;
    const Rule* rule;
    std::size_t row;  // in outcome->found, when it has rows
};

Place locate(const Findings::Data& data, std::size_t row) {
    if (row >= data.first_row.back()) throw std::out_of_range("findings have no such row");
    const auto after = std::upper_bound(data.first_row.begin(), data.first_row.end(), row);
    const auto i = static_cast<std::size_t>(after - data.first_row.begin()) - 1;
    const Outcome& outcome = data.outcomes[i];
    return {&outcome, &data.set->rules()[outcome.rule],
            outcome.order.empty() ? 0 : outcome.order[row - data.first_row[i]]};
}

struct Writer {
    const Findings::Data& data;
    Lang lang;
    View view{data.graph.store(), data.on, data.overlay.get()};

    bool zh() const { return lang == Lang::zh; }

    std::string node(NodeNo v) const {
        const std::string id(view.id(v)), name(view.name(v));
        if (name.empty() || name == id) return id;
        return zh() ? name + "（" + id + "）" : name + " (" + id + ")";
    }

    std::string edge(EdgeNo e) const {
        return std::string(view.id(view.source(e))) + " " + view.s.kinds->edges()[view.kind(e)].id +
               " " + std::string(view.id(view.target(e)));
    }

    std::string level(std::size_t number) const {
        static constexpr const char* zh_words[] = {"国家级", "省级", "市级",
                                                   "县级",   "乡级", "村级"};
        static constexpr const char* en_words[] = {"country", "province", "city",
                                                   "county",  "town",     "village"};
        if (number >= std::size(zh_words)) return {};
        return zh() ? zh_words[number] : en_words[number];
    }

    // Plain text, with words of the packs (\1 kind id \2), words in two languages
    // (\1t zh \4 en \2) and the comma of a list (\3) in it.
    std::string word(std::string_view text) const {
        std::string out;
        while (!text.empty()) {
            const std::size_t plain = std::min(text.find_first_of("\1\3"), text.size());
            out += text.substr(0, plain);
            text.remove_prefix(plain);
            if (text.empty()) break;
            if (text[0] == '\3') {
                out += zh() ? "、" : ", ";
                text.remove_prefix(1);
                continue;
            }
            const std::size_t end = std::min(text.find('\2'), text.size());
            if (end > 2) out += one_word(text[1], text.substr(2, end - 2));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return out;
    }

    std::string one_word(char kind, std::string_view id) const {
        const auto of = [&](const auto& thing) { return zh() ? thing.zh : thing.en; };
        const Kinds& kinds = *view.s.kinds;
        switch (kind) {
            case 'p':
                if (kinds.post(id) == no_kind) break;
                return of(kinds.posts()[kinds.post(id)]);
            case 'n':
                if (kinds.node(id) == no_kind) break;
                return of(kinds.nodes()[kinds.node(id)]);
            case 'e':
                if (kinds.edge(id) == no_kind) break;
                return of(kinds.edges()[kinds.edge(id)]);
            case 't': {
                const std::size_t cut = std::min(id.find('\4'), id.size());
                return std::string(zh() ? id.substr(0, cut)
                                        : id.substr(std::min(cut + 1, id.size())));
            }
            case 'l':
                return id.empty() ? std::string() : level(static_cast<std::size_t>(id[0] - '0'));
            default:
                break;
        }
        const std::uint32_t sector = view.s.sectors.find(id);
        return sector == none ? std::string(id) : of(view.s.sectors.all[sector]);
    }

    std::string rest(std::span<const NodeNo> nodes) const {
        std::string out;
        const std::size_t shown = std::min(nodes.size(), named_in_a_sentence);
        for (std::size_t i = 0; i < shown; ++i)
            out += (i == 0 ? "" : zh() ? "、" : ", ") + node(nodes[i]);
        if (shown < nodes.size())
            out += zh() ? "等" + std::to_string(nodes.size()) + "个"
                        : " and " + std::to_string(nodes.size() - shown) + " more";
        return out;
    }

    std::string sentence(const Rule& rule, const FindingRows& found, std::size_t row) const {
        const RuleMessage& message = rule.messages[found.rows[row].message];
        const std::string& pattern = zh() ? message.zh : message.en;
        const auto nodes = found.nodes_of(row);
        const auto words = found.words_of(row);
        std::string out;
        for (std::size_t i = 0; i < pattern.size();) {
            const std::size_t open = pattern.find('{', i);
            const std::size_t close = open == std::string::npos ? open : pattern.find('}', open);
            out += pattern.substr(i, close == std::string::npos ? close : open - i);
            if (close == std::string::npos) break;
            const std::string key = pattern.substr(open + 1, close - open - 1);
            i = close + 1;
            if (key == "rest") {
                out += rest(nodes.empty() ? nodes : nodes.subspan(1));
            } else if (key.size() == 1 && key[0] >= '0' && key[0] <= '9') {
                const auto number = static_cast<std::size_t>(key[0] - '0');
                if (number < nodes.size()) out += node(nodes[number]);
            } else if (key.size() == 1 && key[0] >= 'a' && key[0] <= 'j') {
                const auto number = static_cast<std::size_t>(key[0] - 'a');
                if (number < words.size()) out += word(words[number]);
            }
        }
        const Source source = rule.sources_in(data.profile).front();
        return zh() ? out + "（" + rule.id + "，依据" + source.document + source.clause + "）。"
                    : out + " (" + rule.id + ", by " + source.text() + ").";
    }

    // 隐患表的“整改期限” of hazards.due_on, “任职”关系 of edges:HOLDS, “主要负责人”岗位 of
    // posts:principal.
    std::string column(std::string_view text) const {
        constexpr std::string_view edges = "edges:";
        if (text.starts_with(edges)) {
            const KindNo kind = view.s.kinds->edge(text.substr(edges.size()));
            const std::string id(text.substr(edges.size()));
            if (kind == no_kind) return id;
            return zh() ? "“" + view.s.kinds->edges()[kind].zh + "”关系" : "edges " + id;
        }
        constexpr std::string_view posts = "posts:";
        if (text.starts_with(posts)) {
            const std::string id(text.substr(posts.size()));
            const KindNo kind = view.s.kinds->post(id);
            return kind == no_kind || !zh() ? "posts " + id
                                            : "“" + view.s.kinds->posts()[kind].zh + "”岗位";
        }
        const std::size_t point = text.find('.');
        if (point == std::string_view::npos || !zh()) return std::string(text);
        const std::string_view table = text.substr(0, point), name = text.substr(point + 1);
        return core_detail::table_words(table, lang) + "的“" +
               core_detail::column_words(table, name, lang) + "”";
    }

    std::string profile() const {
        const auto& names = data.set->profile_names();
        const auto found = names.find(data.profile);
        if (found == names.end()) return data.profile;
        return zh() ? found->second.first : found->second.second;
    }

    // That no record of an action lies on or before the day, and when the first one does.
    std::string no_records(const std::string& action) const {
        const std::int32_t first = view.s.records.first_of(action);
        const std::string name = action_word(action, lang);
        if (first == always_to)
            return zh() ? "没有“" + name + "”的记录" : "there are no records of " + name;
        return zh() ? "到 " + data.on.text() + " 还没有“" + name + "”的记录，最早的在 " +
                          Date(first).text()
                    : "there are no records of " + name + " until " + data.on.text() +
                          ", the first is of " + Date(first).text();
    }

    // Why a rule is not assessed, or a part of it, or some of its subjects.
    std::string reason(const Rule& rule, const RuleRun::Gap& gap) const {
        const std::string a = word(gap.word);
        const std::string count = std::to_string(gap.subjects);
        const bool some = gap.subjects != 0;
        switch (gap.reason) {
            case Reason::nothing:
                return "";
            case Reason::table_missing:
                return zh() ? "没有给出" + core_detail::table_words(a, lang)
                            : "the table " + a + " was not given";
            case Reason::column_missing:
                return zh() ? (some ? count + " 个对象要看" : "没有给出") + column(a) +
                                  (some ? "，没有给出" : "")
                            : (a.find(':') != a.npos ? "there are no " + column(a)
                                                     : "no table has the column " + column(a)) +
                                  (some ? " (" + count + " subjects)" : "");
            case Reason::values:
                return zh()
                           ? (some ? count + " 个" : "有") + std::string("对象没有填写") + column(a)
                           : (some ? count : std::string("some")) + " lack " + column(a);
            case Reason::unclear:
                return zh() ? count + " 个对象的" + column(a) + "写法不明或日期矛盾，见数据问题"
                            : count + " have a word or day in " + column(a) +
                                  " that cannot be used (see the issues)";
            case Reason::unclear_records:
                return zh() ? count + " 个对象有事项、日期或期限不明的记录，可能是“" +
                                  action_word(a, lang) + "”，见数据问题"
                            : count +
                                  " have records whose action, day or end is not clear, which "
                                  "may be of '" +
                                  action_word(a, lang) + "' (see the issues)";
            case Reason::no_subjects:
                return zh() ? "没有可以检查的对象" : "there is nothing it could be asked of";
            case Reason::not_in_force:
                if (rule.valid_from && data.on < *rule.valid_from)
                    return zh() ? "依据自 " + a + " 起施行" : "its text is in force from " + a;
                return zh() ? "依据施行到 " + a + " 为止" : "its text was in force until " + a;
            case Reason::elsewhere:
                if (a == "plan")
                    return zh() ? "由工作计划检查，这里不检查"
                                : "it is checked by the room plan, not here";
                return zh() ? "由模块 " + a + " 检查，这里不检查"
                            : "it is checked by the room " + a + ", not here";
            case Reason::not_set: {
                const auto parameter =
                    std::find_if(rule.parameters.begin(), rule.parameters.end(),
                                 [&](const RuleParameter& one) { return one.name == a; });
                const bool named = parameter != rule.parameters.end();
                return zh() ? "“" + profile() + "”口径没有规定" +
                                  (named ? "“" + parameter->zh + "”" : a)
                            : "the profile " + profile() + " sets no " + a;
            }
            case Reason::not_due:
                return zh() ? a + " 起才检查" : "it is asked from " + a + " on";
            case Reason::records:
                return (!some  ? std::string()
                        : zh() ? count + " 个对象要看“" + action_word(a, lang) + "”的记录，"
                               : "of " + count + " subjects: ") +
                       no_records(a);
        }
        return "";
    }

    std::string reason(const Rule& rule, const Outcome& outcome) const {
        std::string out;
        if (outcome.unjudged != 0)
            out = zh() ? "检查对象 " + std::to_string(outcome.examined) + " 个，其中 " +
                             std::to_string(outcome.unjudged) + " 个不能完全核查："
                       : std::to_string(outcome.unjudged) + " of " +
                             std::to_string(outcome.examined) +
                             " subjects could not be judged in full: ";
        const std::size_t head = out.size();
        for (const RuleRun::Gap& gap : outcome.gaps)
            out += (out.size() == head ? "" : zh() ? "；" : "; ") + reason(rule, gap);
        return out;
    }
};

}  // namespace

std::string_view to_string(RuleState state) {
    switch (state) {
        case RuleState::holds:
            return "holds";
        case RuleState::fails:
            return "fails";
        case RuleState::partly:
            return "partly";
        case RuleState::not_assessed:
            return "not_assessed";
    }
    return "";
}

std::size_t Findings::size() const {
    return data_->first_row.back();
}

RuleState Findings::status(std::size_t row) const {
    return locate(*data_, row).outcome->state;
}

std::string_view Findings::rule(std::size_t row) const {
    return locate(*data_, row).rule->id;
}

Severity Findings::severity(std::size_t row) const {
    const Place place = locate(*data_, row);
    if (place.outcome->state != RuleState::fails) return Severity::info;
    return place.outcome->found.rows[place.row].severity;
}

std::span<const NodeNo> Findings::nodes(std::size_t row) const {
    const Place place = locate(*data_, row);
    if (place.outcome->state != RuleState::fails) return {};
    return place.outcome->found.nodes_of(place.row);
}

std::span<const EdgeNo> Findings::edges(std::size_t row) const {
    const Place place = locate(*data_, row);
    if (place.outcome->state != RuleState::fails) return {};
    return place.outcome->found.edges_of(place.row);
}

std::span<const std::string> Findings::words(std::size_t row) const {
    const Place place = locate(*data_, row);
    if (place.outcome->state != RuleState::fails) return {};
    return place.outcome->found.words_of(place.row);
}

Finding Findings::at(std::size_t row, Lang lang) const {
    const Place place = locate(*data_, row);
    const Writer writer{*data_, lang};
    Finding out;
    out.rule = place.rule->id;
    out.status = place.outcome->state;
    if (out.status != RuleState::fails) {
        out.severity = Severity::info;
        const std::string reason = writer.reason(*place.rule, *place.outcome);
        const bool partly = out.status == RuleState::partly;
        out.message = lang == Lang::zh
                          ? (partly ? "部分可核：" : "没有检查：") + reason + "。"
                          : (partly ? "Partly assessed: " : "Not assessed: ") + reason + ".";
        return out;
    }
    const FindingRows& found = place.outcome->found;
    out.severity = found.rows[place.row].severity;
    for (const NodeNo v : found.nodes_of(place.row))
        out.nodes.emplace_back(writer.view.id(v));
    for (const EdgeNo e : found.edges_of(place.row))
        out.edges.push_back(writer.edge(e));
    out.message = writer.sentence(*place.rule, found, place.row);
    out.cure = place.rule->cure(lang);
    return out;
}

std::size_t Findings::count(Severity severity) const {
    std::size_t out = 0;
    for (const Outcome& outcome : data_->outcomes)
        for (const FindingRows::Row& row : outcome.found.rows)
            out += row.severity == severity;
    return out;
}

std::vector<RuleStatus> Findings::rules(Lang lang) const {
    const Writer writer{*data_, lang};
    std::vector<RuleStatus> out;
    for (const Outcome& outcome : data_->outcomes) {
        const Rule& rule = data_->set->rules()[outcome.rule];
        RuleStatus status;
        status.rule = rule.id;
        status.group = rule.group;
        status.severity = rule.severity;
        status.status = outcome.state;
        status.reason = writer.reason(rule, outcome);
        status.examined = outcome.examined;
        status.unjudged = outcome.unjudged;
        for (const FindingRows::Row& row : outcome.found.rows)
            ++status.found[static_cast<std::size_t>(row.severity)];
        out.push_back(std::move(status));
    }
    return out;
}

Date Findings::on() const {
    return data_->on;
}

const std::string& Findings::profile() const {
    return data_->profile;
}

const RuleSet& Findings::rule_set() const {
    return *data_->set;
}

std::vector<std::string> Findings::notes(Lang lang) const {
    return data_->graph.day_notes(data_->on, lang);
}

Table Findings::to_table(Lang lang) const {
    static constexpr const char* names[] = {"rule",    "severity", "nodes", "edges",
                                            "message", "cure",     "status"};
    std::array<TextBuilder, std::size(names)> columns;
    std::string joined;
    const auto join = [&](const std::vector<std::string>& parts) -> const std::string& {
        joined.clear();
        for (const std::string& one : parts)
            joined += (joined.empty() ? "" : ";") + one;
        return joined;
    };
    for (std::size_t row = 0; row < size(); ++row) {
        const Finding finding = at(row, lang);
        columns[0].append(finding.rule);
        columns[1].append(to_string(finding.severity));
        columns[2].append(join(finding.nodes));
        columns[3].append(join(finding.edges));
        columns[4].append(finding.message);
        columns[5].append(finding.cure);
        columns[6].append(to_string(finding.status));
    }
    Table out(Origin{"findings", "", -1, {}, -1});
    for (std::size_t i = 0; i < columns.size(); ++i)
        out.add(names[i], columns[i].finish());
    return out;
}

Table Findings::rules_table(Lang lang) const {
    static constexpr const char* names[] = {"rule",   "group",     "severity", "status",
                                            "reason", "statement", "source",   "confidence"};
    std::array<TextBuilder, std::size(names)> texts;
    std::array<std::vector<std::int64_t>, 5> numbers;
    for (const RuleStatus& status : rules(lang)) {
        const Rule& rule = data_->set->rules()[data_->set->at(status.rule)];
        std::string sources;
        for (const Source& source : rule.sources_in(data_->profile))
            sources += (sources.empty() ? "" : lang == Lang::zh ? "；" : "; ") + source.text();
        const std::string_view cells[] = {status.rule,
                                          status.group,
                                          to_string(status.severity),
                                          to_string(status.status),
                                          status.reason,
                                          rule.statement(lang),
                                          sources,
                                          to_string(rule.confidence)};
        for (std::size_t i = 0; i < texts.size(); ++i)
            texts[i].append(cells[i]);
        numbers[0].push_back(static_cast<std::int64_t>(status.examined));
        numbers[1].push_back(static_cast<std::int64_t>(status.unjudged));
        for (std::size_t i = 0; i < 3; ++i)
            numbers[i + 2].push_back(static_cast<std::int64_t>(status.found[i]));
    }
    Table out(Origin{"rules", "", -1, {}, -1});
    for (std::size_t i = 0; i < 5; ++i)
        out.add(names[i], texts[i].finish());
    static constexpr const char* counts[] = {"examined", "unjudged", "errors", "warnings", "infos"};
    for (std::size_t i = 0; i < std::size(counts); ++i)
        out.add(counts[i], Column::of(std::move(numbers[i])));
    for (std::size_t i = 5; i < texts.size(); ++i)
        out.add(names[i], texts[i].finish());
    return out;
}

std::string Findings::to_json(Lang lang) const {
    using Ordered = nlohmann::ordered_json;
    const Writer writer{*data_, lang};
    Ordered out;
    out["format"] = 1;
    out["on"] = data_->on.text();
    out["notes"] = notes(lang);
    out["profile"] = data_->profile;
    out["pack"] = data_->set->pack().id;
    out["sha256"] = data_->set->pack().sha256;
    out["counts"] = {{"error", count(Severity::error)},
                     {"warning", count(Severity::warning)},
                     {"info", count(Severity::info)}};
    out["rules"] = Ordered::array();
    for (const RuleStatus& status : rules(lang)) {
        const Rule& rule = data_->set->rules()[data_->set->at(status.rule)];
        Ordered sources = Ordered::array();
        for (const Source& source : rule.sources_in(data_->profile))
            sources.push_back({{"document", source.document},
                               {"clause", source.clause},
                               {"edition", source.edition}});
        out["rules"].push_back({{"rule", status.rule},
                                {"severity", to_string(status.severity)},
                                {"status", to_string(status.status)},
                                {"reason", status.reason},
                                {"examined", status.examined},
                                {"unjudged", status.unjudged},
                                {"found", status.found},
                                {"statement", rule.statement(lang)},
                                {"source", std::move(sources)}});
    }
    out["findings"] = Ordered::array();
    for (std::size_t row = 0; row < size(); ++row) {
        const Place place = locate(*data_, row);
        if (place.outcome->state != RuleState::fails) continue;
        const FindingRows& found = place.outcome->found;
        Ordered nodes = Ordered::array(), edges = Ordered::array();
        for (const NodeNo v : found.nodes_of(place.row))
            nodes.push_back({{"id", writer.view.id(v)},
                             {"kind", writer.view.s.kinds->nodes()[writer.view.node_kind(v)].id},
                             {"name", writer.view.name(v)}});
        for (const EdgeNo e : found.edges_of(place.row)) {
            const EdgeNo origin = writer.view.origin(e);
            edges.push_back(
                {{"source", writer.view.id(writer.view.source(e))},
                 {"kind", writer.view.s.kinds->edges()[writer.view.kind(e)].id},
                 {"target", writer.view.id(writer.view.target(e))},
                 {"document", origin == none ? std::string_view() : writer.view.s.doc(origin)},
                 {"clause",
                  origin == none ? std::string_view() : writer.view.s.clause_of(origin)}});
        }
        out["findings"].push_back({{"rule", place.rule->id},
                                   {"severity", to_string(found.rows[place.row].severity)},
                                   {"nodes", std::move(nodes)},
                                   {"edges", std::move(edges)},
                                   {"message", writer.sentence(*place.rule, found, place.row)},
                                   {"cure", place.rule->cure(lang)}});
    }
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace safetyrisk::graph
