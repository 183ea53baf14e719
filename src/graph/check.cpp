#include <safetyrisk/graph/check.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/evidence.hpp"
#include "graph/rules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace safetyrisk::graph {
namespace {

using detail::Json;

template <class T>
std::span<const T> part(const std::vector<T>& all, std::size_t from, std::size_t to) {
    return std::span(all).subspan(from, to - from);
}

bool kind_anywhere(const Store& s, KindNo kind) {
    return kind != no_kind && s.has_nodes[kind] != 0;
}

template <class F>
void for_parts(std::string_view text, char between, F&& f) {
    while (true) {
        const std::size_t end = text.find(between);
        f(text.substr(0, end));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

// Rows of these tables are nodes, which may as well stand in `nodes`.
KindNo kind_of_table(const Known& k, std::string_view table) {
    if (table == "enterprises") return k.enterprise;
    if (table == "risk_points") return k.risk_point;
    if (table == "hazards") return k.hazard;
    if (table == "tasks") return k.task;
    if (table == "divisions") return k.region;
    return no_kind;
}

bool table_given(const Store& s, const std::string& table) {
    if (table == "records") return s.records.given;
    if (table == "duties") return s.duties.given;
    if (s.has_table(table)) return true;
    return kind_anywhere(s, kind_of_table(s.known, table));
}

// Whether a post of a kind had begun by the day, whether it is there or gone.
bool has_posts(const View& view, KindNo kind) {
    if (kind == no_kind) return false;
    const Store& s = view.s;
    for (NodeNo v = 0; v < s.n(); ++v)
        if (s.post_kind[v] == kind && (s.node_from.empty() || s.node_from[v] <= view.day()))
            return true;
    return false;
}

constexpr std::string_view records_of = "records:";

// One way to give what a rule needs: a column of a table, edges of a kind ("edges:HOLDS"), posts of
// a kind ("posts:safety_manager"), or records of an action ("records:drill").
bool one_given(const View& view, std::string_view column) {
    const Store& s = view.s;
    constexpr std::string_view edges = "edges:";
    if (column.starts_with(edges))
        return view.has_edges(s.kinds->edge(column.substr(edges.size())));
    constexpr std::string_view posts = "posts:";
    if (column.starts_with(posts))
        return has_posts(view, s.kinds->post(column.substr(posts.size())));
    if (column.starts_with(records_of))
        return s.records.first_of(column.substr(records_of.size())) <= view.day();
    const std::size_t point = column.find('.');
    const std::string_view table = column.substr(0, point), name = column.substr(point + 1);
    if (s.has_column(table, name, view.day())) return true;
    if (table == "records" || table == "duties") {
        const Table& rows = table == "records" ? s.records.table : s.duties.table;
        return rows.find(name) != nullptr;
    }
    // Nodes of the table's kind may stand in `nodes`, with the columns of that table.
    const KindNo kind = kind_of_table(s.known, table);
    if (kind != no_kind && s.has_listed[kind] != 0 && s.has_column("nodes", name, view.day()))
        return true;
    // Where nobody names sectors they follow from the industry.
    return name == "sectors" && one_given(view, std::string(table) + ".industry");
}

Findings::Data::Outcome ask(const RuleContext& context, std::size_t number, const Rule& rule,
                            const std::string& profile,
                            const std::map<std::string, std::string>& parameters) {
    Findings::Data::Outcome out;
    out.rule = number;
    out.state = RuleState::not_assessed;
    const auto why = [&](Reason reason, std::string word) {
        out.gaps = {{reason, std::move(word), 0}};
        return out;
    };
    const RuleFunction function = rule_function(rule.id);
    if (function == nullptr) return why(Reason::elsewhere, rule.not_in);
    RuleRun run(context, rule, profile, parameters);  // a wrong parameter is told in any case
    if (!rule.valid_on(context.view.on()))
        return why(Reason::not_in_force, rule.valid_from && context.view.on() < *rule.valid_from
                                             ? rule.valid_from->text()
                                             : rule.valid_to->text());
    for (const std::string& table : rule.tables)
        if (!table_given(context.s, table)) return why(Reason::table_missing, table);
    for (const std::string& column : rule.columns)
        if (!run.needs(column)) {
            out.gaps = run.gaps();
            return out;
        }
    function(run);
    out.examined = run.examined_count();
    out.gaps = run.gaps();
    if (run.whole()) return out;
    if (out.examined == 0 && out.gaps.empty()) return why(Reason::no_subjects, "");
    out.unjudged = std::min(run.unjudged(), out.examined);
    out.found = run.take();
    // What only is not due yet lacks nothing.
    const bool lacks = std::any_of(out.gaps.begin(), out.gaps.end(), [](const RuleRun::Gap& gap) {
        return gap.reason != Reason::not_due;
    });
    if (!out.found.rows.empty())
        out.state = RuleState::fails;
    else if (out.examined == 0 || run.judged() == 0)
        out.state = RuleState::not_assessed;
    else
        out.state = lacks ? RuleState::partly : RuleState::holds;

    const FindingRows& rows = out.found;
    out.order.resize(rows.rows.size());
    std::iota(out.order.begin(), out.order.end(), 0U);
    std::sort(out.order.begin(), out.order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto x = rows.nodes_of(a), y = rows.nodes_of(b);
        if (!std::equal(x.begin(), x.end(), y.begin(), y.end()))
            return std::lexicographical_compare(x.begin(), x.end(), y.begin(), y.end());
        const auto d = rows.edges_of(a), e = rows.edges_of(b);
        if (!std::equal(d.begin(), d.end(), e.begin(), e.end()))
            return std::lexicographical_compare(d.begin(), d.end(), e.begin(), e.end());
        if (rows.rows[a].message != rows.rows[b].message)
            return rows.rows[a].message < rows.rows[b].message;
        const auto v = rows.words_of(a), w = rows.words_of(b);
        return std::lexicographical_compare(v.begin(), v.end(), w.begin(), w.end());
    });
    return out;
}

// "RG-10.days" → parameters by rule; every name is checked.
std::map<std::string, std::map<std::string, std::string>> by_rule(
    const RuleSet& set, const std::map<std::string, std::string>& parameters) {
    std::map<std::string, std::map<std::string, std::string>> out;
    for (const auto& [path, value] : parameters) {
        const std::size_t point = path.find('.');
        if (point == std::string::npos)
            throw InputError("parameter '" + path + "': write rule and name, as RG-10.days");
        const Rule& rule = set.rules()[set.at(path.substr(0, point))];
        const std::string name = path.substr(point + 1);
        std::string known;
        bool found = false;
        for (const RuleParameter& parameter : rule.parameters) {
            found = found || parameter.name == name;
            known += (known.empty() ? "" : " ") + parameter.name;
        }
        if (!found)
            throw NotFoundError(rule.id + " has no parameter '" + name + "'; it has " +
                                (known.empty() ? "none" : known));
        out[rule.id][name] = value;
    }
    return out;
}

}  // namespace

bool column_given(const View& view, std::string_view column) {
    // Only of those kinds of nodes that the tables have: "nodes.unit?site".
    if (const std::size_t mark = column.find('?'); mark != std::string_view::npos) {
        bool any = false;
        for_parts(column.substr(mark + 1), ',', [&](std::string_view kind) {
            any = any || kind_anywhere(view.s, view.s.kinds->node(kind));
        });
        if (!any) return true;
        column = column.substr(0, mark);
    }
    bool given = false;
    for_parts(column, '|', [&](std::string_view one) { given = given || one_given(view, one); });
    return given;
}

// ── a rule at work ──

std::span<const NodeNo> FindingRows::nodes_of(std::size_t i) const {
    return part(nodes, rows[i].nodes, i + 1 < rows.size() ? rows[i + 1].nodes : nodes.size());
}

std::span<const EdgeNo> FindingRows::edges_of(std::size_t i) const {
    return part(edges, rows[i].edges, i + 1 < rows.size() ? rows[i + 1].edges : edges.size());
}

std::span<const std::string> FindingRows::words_of(std::size_t i) const {
    return part(words, rows[i].words, i + 1 < rows.size() ? rows[i + 1].words : words.size());
}

RuleRun::RuleRun(const RuleContext& context, const Rule& r, std::string_view profile,
                 const std::map<std::string, std::string>& parameters)
    : c(context), view(context.view), s(context.s), k(context.k), rule(r) {
    for (const RuleParameter& parameter : rule.parameters) {
        const auto of_profile = parameter.profiles.find(std::string(profile));
        const auto set = parameters.find(parameter.name);
        const std::string& text = set != parameters.end()                  ? set->second
                                  : of_profile != parameter.profiles.end() ? of_profile->second
                                                                           : parameter.value;
        Json value = Json::parse(text, nullptr, false);
        const std::string place = rule.id + "." + parameter.name;
        if (value.is_discarded()) throw InputError(place + ": '" + text + "' is not JSON");
        const Json usual = Json::parse(parameter.value);
        if (!value.is_null() && !usual.is_null() && value.is_number() != usual.is_number())
            throw InputError(place + ": " + text + " is not of the kind of " + parameter.value);
        parameters_.emplace(parameter.name, std::move(value));
    }
}

void RuleRun::not_assessed(Reason reason, std::string word) {
    gaps_ = {{reason, std::move(word), 0}};
    whole_ = true;
}

std::optional<RuleRun::Gap> RuleRun::lacks(std::string_view column) const {
    std::string what(column);
    for (std::size_t open = 0; (open = what.find('{', open)) != std::string::npos;) {
        const std::size_t close = what.find('}', open);
        const std::string word = text_parameter(*this, what.substr(open + 1, close - open - 1));
        what.replace(open, close + 1 - open, word);
    }
    if (column_given(view, what)) return std::nullopt;
    what.resize(std::min(what.find_first_of("|?"), what.size()));
    if (what.starts_with(records_of))
        return Gap{Reason::records, what.substr(records_of.size()), 0};
    return Gap{Reason::column_missing, what, 0};
}

bool RuleRun::needs(std::string_view column) {
    const auto missing = lacks(column);
    if (missing) partly(missing->reason, missing->word);
    return !missing;
}

void RuleRun::partly(Reason reason, std::string word) {
    gap(reason, word, 0);
}

void RuleRun::gap(Reason reason, std::string_view word, std::size_t subjects) {
    for (Gap& one : gaps_)
        if (one.reason == reason && one.word == word) {
            one.subjects += subjects;
            return;
        }
    gaps_.push_back({reason, std::string(word), subjects});
}

// A subject that lacks several values counts once.
bool RuleRun::first_of_subject(std::size_t subjects) {
    const bool first = marked_ != examined_ || subjects != 1;
    marked_ = examined_;
    return first;
}

void RuleRun::unknown(Reason reason, std::string_view word, std::size_t subjects) {
    if (subjects == 0) return;
    gap(reason, word, subjects);
    if (!first_of_subject(subjects)) return;
    unjudged_ += subjects;
    unknown_ += subjects;
}

void RuleRun::half(Reason reason, std::string_view word, std::size_t subjects) {
    if (subjects == 0) return;
    gap(reason, word, subjects);
    if (first_of_subject(subjects)) unjudged_ += subjects;
}

std::size_t RuleRun::message_no(std::string_view id) const {
    for (std::size_t i = 0; i < rule.messages.size(); ++i)
        if (rule.messages[i].id == id) return i;
    throw InputError(rule.id + ": the pack has no message '" + std::string(id) + "'");
}

void RuleRun::add(Severity severity, std::size_t message, std::span<const NodeNo> nodes,
                  std::span<const EdgeNo> edges, std::initializer_list<std::string> words) {
    FindingRows::Row row;
    row.message = static_cast<std::uint16_t>(message);
    row.severity = severity;
    row.nodes = static_cast<std::uint32_t>(found_.nodes.size());
    row.edges = static_cast<std::uint32_t>(found_.edges.size());
    row.words = static_cast<std::uint32_t>(found_.words.size());
    found_.rows.push_back(row);
    found_.nodes.insert(found_.nodes.end(), nodes.begin(), nodes.end());
    found_.edges.insert(found_.edges.end(), edges.begin(), edges.end());
    found_.words.insert(found_.words.end(), words.begin(), words.end());
}

void RuleRun::report(std::string_view message, std::span<const NodeNo> nodes,
                     std::span<const EdgeNo> edges, std::initializer_list<std::string> words) {
    const std::size_t number = message_no(message);
    add(rule.messages[number].severity, number, nodes, edges, words);
}

void RuleRun::report(std::string_view message, std::initializer_list<NodeNo> nodes,
                     std::initializer_list<EdgeNo> edges,
                     std::initializer_list<std::string> words) {
    report(message, std::span<const NodeNo>(nodes.begin(), nodes.size()),
           std::span<const EdgeNo>(edges.begin(), edges.size()), words);
}

void RuleRun::report_case(std::string_view severity_case, std::string_view message,
                          std::span<const NodeNo> nodes, std::span<const EdgeNo> edges,
                          std::initializer_list<std::string> words) {
    const auto severity = rule.severities.find(std::string(severity_case));
    add(severity == rule.severities.end() ? rule.severity : severity->second, message_no(message),
        nodes, edges, words);
}

void RuleRun::report_case(std::string_view severity_case, std::string_view message,
                          std::initializer_list<NodeNo> nodes, std::initializer_list<EdgeNo> edges,
                          std::initializer_list<std::string> words) {
    report_case(severity_case, message, std::span<const NodeNo>(nodes.begin(), nodes.size()),
                std::span<const EdgeNo>(edges.begin(), edges.size()), words);
}

const Json& RuleRun::parameter(std::string_view name) const {
    const auto found = parameters_.find(name);
    if (found == parameters_.end())
        throw InputError(rule.id + ": the pack has no parameter '" + std::string(name) + "'");
    return found->second;
}

double RuleRun::number(std::string_view name) const {
    const Json& value = parameter(name);
    if (!value.is_number())
        throw InputError(rule.id + "." + std::string(name) + ": " + value.dump() + " is no number");
    return value.get<double>();
}

std::vector<std::string> RuleRun::texts(std::string_view name) const {
    const Json& value = parameter(name);
    std::vector<std::string> out;
    for (const Json& item : value) {
        if (!value.is_array() || !item.is_string())
            throw InputError(rule.id + "." + std::string(name) + ": " + value.dump() +
                             " is no list of words");
        out.push_back(item.get<std::string>());
    }
    return out;
}

std::vector<KindNo> RuleRun::post_kinds(std::string_view name) const {
    std::vector<KindNo> out;
    for (const std::string& word : texts(name))
        if (const KindNo kind = s.kinds->post(word); kind != no_kind) out.push_back(kind);
    return out;
}

std::vector<KindNo> RuleRun::node_kinds(std::string_view name) const {
    std::vector<KindNo> out;
    for (const std::string& word : texts(name))
        if (const KindNo kind = s.kinds->node(word); kind != no_kind) out.push_back(kind);
    return out;
}

bool RuleRun::formal(NodeNo region) const {
    const Json& names = parameter("formal_regions");
    return std::find(names.begin(), names.end(), view.name(region)) != names.end() &&
           view.first_in(region, k.seated_in) == none;
}

Date RuleRun::day_of_year(std::string_view name) const {
    const Json& value = parameter(name);
    const int year = static_cast<int>(view.on().civil().year());
    std::optional<Date> day;
    if (value.is_string()) {
        std::string text = std::to_string(year);
        text.insert(0, 4 - std::min<std::size_t>(4, text.size()), '0');
        day = Date::parse(text + "-" + value.get<std::string>());
    }
    if (!day)
        throw InputError(rule.id + "." + std::string(name) + ": " + value.dump() +
                         " is no day of the year, as \"03-31\"");
    return *day;
}

// Words that differ by language are kept as \1, what they are, their id, and \2.
std::string RuleRun::post_word(KindNo kind) const {
    return kind == no_kind ? std::string() : "\1p" + s.kinds->posts()[kind].id + "\2";
}

std::string RuleRun::node_word(KindNo kind) const {
    return kind == no_kind ? std::string() : "\1n" + s.kinds->nodes()[kind].id + "\2";
}

std::string RuleRun::edge_word(KindNo kind) const {
    return kind == no_kind ? std::string() : "\1e" + s.kinds->edges()[kind].id + "\2";
}

std::string RuleRun::sector_word(std::uint32_t sector) const {
    return sector == none ? std::string() : "\1s" + s.sectors.all[sector].id + "\2";
}

std::string RuleRun::level_word(std::uint8_t level) {
    return level == no_level ? std::string() : "\1l" + std::to_string(level) + "\2";
}

std::string RuleRun::number_word(double number) {
    return Json(number == std::floor(number) && std::abs(number) < 1e15
                    ? Json(static_cast<std::int64_t>(number))
                    : Json(number))
        .dump();
}

RuleFunction rule_function(std::string_view id) {
    for (const auto group :
         {rules_government(), rules_territory(), rules_departments(), rules_enterprises(),
          rules_hazards(), rules_tasks(), rules_structure()})
        for (const RuleEntry& entry : group)
            if (entry.id == id) return entry.function;
    return nullptr;
}

bool is_rule(std::string_view id) {
    return rule_function(id) != nullptr;
}

// ── the check ──

Findings check_view(const ResponsibilityGraph& graph, std::shared_ptr<const Overlay> overlay,
                    const CheckOptions& options, const std::vector<NodeNo>* only) {
    auto data = std::make_shared<Findings::Data>(
        Findings::Data{graph,
                       std::move(overlay),
                       options.rule_set,
                       graph.day(options.on),
                       options.profile.empty() ? "national" : options.profile,
                       {},
                       {}});
    if (!data->set) data->set = RuleSet::usual();
    const std::vector<std::string>& profiles = data->set->profiles();
    if (std::find(profiles.begin(), profiles.end(), data->profile) == profiles.end()) {
        std::string known;
        for (const std::string& profile : profiles)
            known += " " + profile;
        throw NotFoundError("no profile '" + data->profile + "' in " + data->set->pack().id +
                            "; there are" + known);
    }
    const auto parameters = by_rule(*data->set, options.parameters);
    const std::vector<std::size_t> chosen = data->set->select(options.rules);

    const View view(graph.store(), data->on, data->overlay.get());
    const RuleContext context(view, only, day_context(graph.store(), data->on));
    data->outcomes.resize(chosen.size());
    for_tasks(chosen.size(), options.work, [&](std::size_t i) {
        const Rule& rule = data->set->rules()[chosen[i]];
        const auto own = parameters.find(rule.id);
        static const std::map<std::string, std::string> nothing;
        data->outcomes[i] = ask(context, chosen[i], rule, data->profile,
                                own == parameters.end() ? nothing : own->second);
    });
    data->first_row.push_back(0);
    for (const Findings::Data::Outcome& outcome : data->outcomes)
        data->first_row.push_back(data->first_row.back() +
                                  (outcome.state == RuleState::fails   ? outcome.order.size()
                                   : outcome.state == RuleState::holds ? 0
                                                                       : 1));
    return Findings(std::move(data));
}

Findings check(const ResponsibilityGraph& graph, const CheckOptions& options) {
    return check_view(graph, nullptr, options, nullptr);
}

}  // namespace safetyrisk::graph
