#include <safetyrisk/graph/accountability.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "../core/json_view.hpp"
#include "finder.hpp"
#include "words.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace safetyrisk::graph {
namespace {

using detail::JsonView;

constexpr std::array<std::string_view, 6> level_ids{"country", "province", "city",
                                                    "county",  "town",     "village"};
constexpr std::array<std::string_view, 6> level_zh{"国家",       "省级",           "市级",
                                                   "县（区）级", "乡镇（街道）级", "村（社区）级"};

// Records::action of a row that names none.
constexpr std::uint16_t no_action = 0xffff;

std::uint8_t read_level(const JsonView& json) {
    const std::string word = json.text();
    for (std::uint8_t i = 0; i < level_ids.size(); ++i)
        if (level_ids.at(i) == word) return i;
    json.fail("'" + word + "' is no level");
}

std::string level_id(std::uint8_t level) {
    return level < level_ids.size() ? std::string(level_ids.at(level)) : std::string();
}

std::string level_word(const std::string& id, Lang lang) {
    if (lang == Lang::en) return id;
    for (std::size_t i = 0; i < level_ids.size(); ++i)
        if (level_ids.at(i) == id) return std::string(level_zh.at(i));
    return id;
}

int whole(const JsonView& json) {
    const double x = json.number();
    if (x != std::floor(x) || x < 0 || x > 1e6) json.fail("must be a whole number");
    return static_cast<int>(x);
}

std::vector<std::string> texts(const JsonView& json) {
    std::vector<std::string> all;
    for (const JsonView& item : json.items())
        all.push_back(item.text());
    return all;
}

// What the pack says.
struct Profile {
    struct Grade {
        std::string id, zh, en;
        std::int64_t deaths = 0, injuries = 0;
        double loss = 0;
        std::uint8_t investigator = 0, report_to = 0;
        int approval_days = 0, approval_extension = 0;
    };
    struct SectorRule {
        std::vector<std::string> sectors;
        std::map<std::string, std::uint8_t> levels;
        std::string zh, en, source;
    };
    struct Escalation {
        std::string id;
        std::vector<std::string> grades;
        std::uint8_t level = 0;
        bool concealed = false, high_risk = false;
        std::int64_t deaths = 0;
        std::string earlier_grade;
        int earlier_months = 0;
    };
    struct Ceiling {
        std::uint8_t leaders = 0, departments = 0;
        bool whole_department = true;
        std::vector<std::string> posts_at_top;
    };
    struct Expected {
        std::string side;
        std::vector<std::string> of, actions;
    };
    std::vector<ActionWord> words;
    std::string note_zh, note_en, grade_source, investigator_source, ceiling_source;
    std::vector<Grade> grades;  // mildest first
    std::vector<SectorRule> sector_rules;
    std::vector<Escalation> escalations;
    std::map<std::string, Ceiling> ceilings;
    std::map<std::string, std::pair<double, double>> unit_fines;
    std::map<std::string, int> principal_percent;
    std::pair<int, int> other_percent, absent_percent;
    std::pair<double, double> exceptional;
    /// A fine of the law: its clause and the condition on which it is due.
    struct Fine {
        std::string source, when_zh, when_en;
    };
    Fine unit_fine, principal_fine, other_fine, absent_fine;
    std::string ban_source;
    std::vector<std::string> other_posts, lifetime;
    int ban_years = 0;
    std::string official_zh, official_en;
    int first_hours = 0, level_hours = 0, update_days = 0, update_days_short = 0;
    int investigation_days = 0, investigation_extension = 0, evaluation_months = 0;
    std::vector<std::string> short_sectors;
    std::string first_source, level_source, update_source, investigation_source, approval_source,
        evaluation_source;
    int evidence_months = 0, recorded_within = 0;
    std::vector<Expected> expected;
    std::vector<std::string> visit_actions;

    explicit Profile(const Pack& pack);

    std::size_t grade(std::int64_t deaths, std::int64_t injuries, double loss) const {
        std::size_t worst = 0;
        for (std::size_t i = 1; i < grades.size(); ++i)
            if (deaths >= grades[i].deaths || injuries >= grades[i].injuries ||
                loss >= grades[i].loss)
                worst = i;
        return worst;
    }
    std::size_t find_grade(std::string_view id) const {
        for (std::size_t i = 0; i < grades.size(); ++i)
            if (grades[i].id == id) return i;
        return grades.size();
    }
};

Profile::Profile(const Pack& pack) {
    if (pack.kind != "accountability")
        throw InputError("the pack " + pack.id + " is of kind '" + pack.kind +
                         "', not 'accountability'");
    const detail::Json document = detail::parse_json(pack.canonical, pack.id);
    const JsonView content = JsonView(document, pack.id).at("content");
    content.only({"note", "grades", "grade_source", "investigator_source", "sector_investigators",
                  "escalations", "ceiling", "fines", "clocks", "evidence"});
    note_zh = content.at("note").at("zh").text();
    note_en = content.at("note").at("en").text();
    grade_source = content.at("grade_source").text();
    investigator_source = content.at("investigator_source").text();
    for (const JsonView& item : content.at("grades").items()) {
        item.only({"id", "zh", "en", "deaths", "injuries", "loss", "investigator", "report_to",
                   "approval_days", "approval_extension"});
        Grade grade;
        grade.id = item.at("id").text();
        grade.zh = item.at("zh").text();
        grade.en = item.at("en").text();
        grade.deaths = whole(item.at("deaths"));
        grade.injuries = whole(item.at("injuries"));
        grade.loss = item.at("loss").number();
        grade.investigator = read_level(item.at("investigator"));
        grade.report_to = read_level(item.at("report_to"));
        grade.approval_days = whole(item.at("approval_days"));
        grade.approval_extension = whole(item.at("approval_extension"));
        if (!grades.empty() &&
            (grade.deaths <= grades.back().deaths || grade.injuries <= grades.back().injuries ||
             grade.loss <= grades.back().loss))
            item.fail("is not graver than the one before it in every number");
        grades.push_back(std::move(grade));
    }
    if (grades.empty()) content.at("grades").fail("is empty");
    const auto known_grade = [&](const std::string& id, const JsonView& at) {
        if (find_grade(id) == grades.size()) at.fail("'" + id + "' is no grade of this pack");
        return id;
    };
    for (const JsonView& item : content.at("sector_investigators").items()) {
        item.only({"sectors", "levels", "body", "source", "confidence"});
        SectorRule rule;
        rule.sectors = texts(item.at("sectors"));
        for (const auto& [grade, value] : item.at("levels").node().items())
            rule.levels[known_grade(grade, item.at("levels"))] =
                read_level(item.at("levels").at(grade));
        rule.zh = item.at("body").at("zh").text();
        rule.en = item.at("body").at("en").text();
        rule.source = item.at("source").text();
        sector_rules.push_back(std::move(rule));
    }
    for (const JsonView& item : content.at("escalations").items()) {
        item.only({"id", "grades", "level", "when", "zh", "en", "source", "confidence"});
        Escalation rule;
        rule.id = item.at("id").text();
        for (const std::string& grade : texts(item.at("grades")))
            rule.grades.push_back(known_grade(grade, item.at("grades")));
        rule.level = read_level(item.at("level"));
        const JsonView when = item.at("when");
        when.only({"concealed", "high_risk", "deaths", "earlier"});
        rule.concealed = when.has("concealed") && when.at("concealed").boolean();
        rule.high_risk = when.has("high_risk") && when.at("high_risk").boolean();
        if (when.has("deaths")) rule.deaths = whole(when.at("deaths"));
        if (when.has("earlier")) {
            when.at("earlier").only({"grade", "months"});
            rule.earlier_grade =
                known_grade(when.at("earlier").at("grade").text(), when.at("earlier"));
            rule.earlier_months = whole(when.at("earlier").at("months"));
        }
        escalations.push_back(std::move(rule));
    }
    const JsonView ceiling = content.at("ceiling");
    ceiling.only({"source", "confidence", "grades"});
    ceiling_source = ceiling.at("source").text();
    const JsonView fines = content.at("fines");
    for (const Grade& grade : grades) {
        const JsonView item = ceiling.at("grades").at(grade.id);
        item.only({"leaders", "departments", "posts_at_top"});
        Ceiling& one = ceilings[grade.id];
        one.leaders = read_level(item.at("leaders"));
        one.departments = read_level(item.at("departments"));
        one.whole_department = !item.has("posts_at_top");
        if (!one.whole_department) one.posts_at_top = texts(item.at("posts_at_top"));
        const auto range = fines.at("unit").at(grade.id).items();
        if (range.size() != 2 || range[0].number() > range[1].number())
            fines.at("unit").at(grade.id).fail("must be [from, to]");
        unit_fines[grade.id] = {range[0].number(), range[1].number()};
        principal_percent[grade.id] = whole(fines.at("principal").at(grade.id));
    }
    fines.only({"unit", "unit_source", "exceptional", "principal", "principal_source", "other",
                "other_source", "other_posts", "absent", "absent_source", "ban_years", "lifetime",
                "ban_source", "when", "official"});
    const auto pair = [](const JsonView& json) {
        const auto items = json.items();
        if (items.size() != 2) json.fail("must be [from, to]");
        return std::pair(whole(items[0]), whole(items[1]));
    };
    other_percent = pair(fines.at("other"));
    absent_percent = pair(fines.at("absent"));
    exceptional = pair(fines.at("exceptional"));
    const auto fine = [&](const std::string& id) {
        const JsonView when = fines.at("when").at(id);
        return Fine{fines.at(id + "_source").text(), when.at("zh").text(), when.at("en").text()};
    };
    unit_fine = fine("unit");
    principal_fine = fine("principal");
    other_fine = fine("other");
    absent_fine = fine("absent");
    ban_source = fines.at("ban_source").text();
    other_posts = texts(fines.at("other_posts"));
    for (const std::string& grade : texts(fines.at("lifetime")))
        lifetime.push_back(known_grade(grade, fines.at("lifetime")));
    ban_years = whole(fines.at("ban_years"));
    official_zh = fines.at("official").at("zh").text();
    official_en = fines.at("official").at("en").text();
    const JsonView clocks = content.at("clocks");
    clocks.only({"first_hours", "level_hours", "first_source", "level_source", "update_days",
                 "update_days_short", "short_sectors", "update_source", "investigation_days",
                 "investigation_extension", "investigation_source", "approval_source",
                 "evaluation_months", "evaluation_source"});
    first_hours = whole(clocks.at("first_hours"));
    level_hours = whole(clocks.at("level_hours"));
    update_days = whole(clocks.at("update_days"));
    update_days_short = whole(clocks.at("update_days_short"));
    short_sectors = texts(clocks.at("short_sectors"));
    investigation_days = whole(clocks.at("investigation_days"));
    investigation_extension = whole(clocks.at("investigation_extension"));
    evaluation_months = whole(clocks.at("evaluation_months"));
    first_source = clocks.at("first_source").text();
    level_source = clocks.at("level_source").text();
    update_source = clocks.at("update_source").text();
    investigation_source = clocks.at("investigation_source").text();
    approval_source = clocks.at("approval_source").text();
    evaluation_source = clocks.at("evaluation_source").text();
    const JsonView evidence = content.at("evidence");
    // `check_kinds` are read by the back-check of hazards.
    evidence.only(
        {"months", "expected", "words", "visit_actions", "check_kinds", "recorded_within_days"});
    for (const auto& [action, value] : evidence.at("words").node().items()) {
        const JsonView word = evidence.at("words").at(action);
        words.push_back({action, word.at("zh").text(), word.at("en").text()});
    }
    evidence_months = whole(evidence.at("months"));
    recorded_within = whole(evidence.at("recorded_within_days"));
    visit_actions = texts(evidence.at("visit_actions"));
    for (const JsonView& item : evidence.at("expected").items()) {
        item.only({"side", "of", "actions"});
        expected.push_back(
            {item.at("side").text(), texts(item.at("of")), texts(item.at("actions"))});
    }
}

bool has(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

std::shared_ptr<const Pack> pack_or_usual(const std::shared_ptr<const Pack>& pack,
                                          std::optional<Date> on) {
    if (pack) return pack;
    // The law in force on the day decides; what held before the first edition known here is not
    // guessed from a later one.
    std::shared_ptr<const Pack> first;
    for (const auto& one : PackRegistry::builtin().all())
        if (one->family() == "accountability" && one->is_default && one->valid_from &&
            (!first || *one->valid_from < *first->valid_from))
            first = one;
    if (on && first && *on < *first->valid_from) {
        std::string sources;
        for (const Source& source : first->sources)
            if (source.clause != "")
                sources +=
                    (sources.empty() ? "" : ", ") + source.document + " (" + source.edition + ")";
        throw InputError("the accident is of " + on->text() + "; the rules known here hold from " +
                         first->valid_from->text() + " on (" + sources +
                         "); give those of its day with pack=");
    }
    return PackRegistry::builtin().find("accountability", on);
}

// Builds the answer; one member function a part of D2.
class Maker {
public:
    Maker(const ResponsibilityGraph& graph, NodeNo asked, const AccidentFacts& facts,
          const AccountabilityOptions& options, Date on)
        : graph_(graph),
          view_(graph.store(), on),
          s_(view_.s),
          k_(s_.known),
          facts_(facts),
          options_(options),
          profile_(*pack_or_usual(options.pack, on)),
          asked_(asked),
          x_(asked) {}

    Accountability make() {
        result_.node = graph_.id(asked_);
        result_.name = graph_.name(asked_);
        result_.on = view_.on();
        result_.note_zh = profile_.note_zh;
        result_.note_en = profile_.note_en;
        result_.source = profile_.grade_source;
        result_.words = profile_.words;
        result_.official_zh = profile_.official_zh;
        result_.official_en = profile_.official_en;
        read_facts();
        find_investigator();
        find_nodes();
        find_evidence();
        set_clocks();
        look_back();
        return std::move(result_);
    }

private:
    void read_facts() {
        std::int64_t deaths = facts_.deaths.value_or(0), injuries = facts_.injuries.value_or(0);
        double loss = facts_.loss.value_or(0);
        bool known = facts_.deaths || facts_.injuries || facts_.loss;
        if (view_.is(asked_, k_.accident)) {
            const auto number = [&](const char* name) {
                const auto value = s_.attribute(name).at(asked_).as_number();
                known = known || value.has_value();
                return value.value_or(0);
            };
            if (!facts_.deaths) deaths = static_cast<std::int64_t>(number("deaths"));
            if (!facts_.injuries) injuries = static_cast<std::int64_t>(number("injuries"));
            if (!facts_.loss) loss = number("loss");
            approved_ = s_.attribute("approved_on").at(asked_).as_date();
            const NodeNo unit = enterprise_of(view_, asked_);
            if (unit != none) x_ = unit;
        }
        if (facts_.approved_on) approved_ = facts_.approved_on;
        // What is not said counts as none beside what is; with nothing said there is no grade.
        if (!known)
            throw InputError(
                "deaths, injuries or loss: an accident has no grade without one of them");
        if (deaths < 0 || injuries < 0 || !(loss >= 0) || std::isinf(loss))
            throw InputError("deaths, injuries and loss must be numbers that are not negative");
        deaths_ = deaths;
        grade_ = profile_.grade(deaths, injuries, loss);
        const Profile::Grade& grade = profile_.grades[grade_];
        result_.grade = grade.id;
        result_.grade_zh = grade.zh;
        result_.grade_en = grade.en;
        if (grade_ > 0) {
            if (deaths >= grade.deaths) result_.criteria.emplace_back("deaths");
            if (injuries >= grade.injuries) result_.criteria.emplace_back("injuries");
            if (loss >= grade.loss) result_.criteria.emplace_back("loss");
        }
        WhoOptions who;
        who.sectors = facts_.sectors;
        who.capacities = options_.capacities;
        asker_.emplace(s_, who);
        question_ = asker_->of(view_, x_);
        const auto& fine = profile_.unit_fines.at(grade.id);
        const auto times = facts_.exceptional ? profile_.exceptional : std::pair(1.0, 1.0);
        result_.fine_from = fine.first * times.first;
        result_.fine_to = fine.second * times.second;
        std::tie(result_.fine_when_zh, result_.fine_when_en) = on_condition(profile_.unit_fine);
    }

    // Whether the accident's sectors are one of these or below it.
    bool in_sectors(const std::vector<std::string>& ids) const {
        for (const std::uint16_t sector : question_.sectors)
            for (std::uint32_t up = sector, n = 0; up != none && n <= s_.sectors.all.size();
                 up = s_.sectors.all[up].parent, ++n)
                if (has(ids, s_.sectors.all[up].id)) return true;
        return false;
    }

    bool earlier_accident(const Profile::Escalation& rule) const {
        const std::size_t least = profile_.find_grade(rule.earlier_grade);
        const Date from = add(view_.on(), Duration{rule.earlier_months, 0}, -1);
        const NodeNo unit = enterprise_of(view_, x_);
        if (unit == none) return false;
        const auto date = s_.attribute("date"), grade = s_.attribute("grade"),
                   deaths = s_.attribute("deaths"), injuries = s_.attribute("injuries"),
                   loss = s_.attribute("loss");
        for (const EdgeNo e : view_.in_range(unit, k_.belongs_to)) {
            const NodeNo other = s_.source[e];
            if (!view_.is(other, k_.accident) || other == asked_) continue;
            const auto day = date.at(other).as_date();
            if (!day || *day < from || *day >= view_.on()) continue;
            std::size_t n = profile_.find_grade(grade.at(other).text);
            if (n == profile_.grades.size())
                n = profile_.grade(
                    static_cast<std::int64_t>(deaths.at(other).as_number().value_or(0)),
                    static_cast<std::int64_t>(injuries.at(other).as_number().value_or(0)),
                    loss.at(other).as_number().value_or(0));
            if (n >= least) return true;
        }
        return false;
    }

    bool high_risk() const {
        // An enterprise may be of high risk by its own word; the law's list it cannot deny.
        return s_.attribute("high_risk").at(x_).yes().value_or(false) ||
               std::any_of(question_.sectors.begin(), question_.sectors.end(),
                           [&](std::uint16_t sector) { return s_.sectors.high_risk(sector); });
    }

    void find_investigator() {
        const Profile::Grade& grade = profile_.grades[grade_];
        std::uint8_t level = grade.investigator;
        for (const Profile::SectorRule& rule : profile_.sector_rules) {
            if (!in_sectors(rule.sectors)) continue;
            if (const auto own = rule.levels.find(grade.id); own != rule.levels.end())
                level = own->second;
            result_.body_zh = rule.zh + "（" + rule.source + "）";
            result_.body_en = rule.en + " (" + rule.source + ")";
            break;
        }
        const std::uint8_t usual = level;
        for (const std::string& id : options_.escalations) {
            const auto rule = std::find_if(profile_.escalations.begin(), profile_.escalations.end(),
                                           [&](const auto& one) { return one.id == id; });
            if (rule == profile_.escalations.end())
                throw NotFoundError("the pack has no escalation '" + id + "'");
            if (!has(rule->grades, grade.id) || (rule->concealed && !facts_.concealed) ||
                deaths_ < rule->deaths || (rule->high_risk && !high_risk()) ||
                (!rule->earlier_grade.empty() && !earlier_accident(*rule)))
                continue;
            result_.escalated_by.push_back(id);
            level = std::min(level, rule->level);
        }
        if (options_.escalate && level > 0 && level == usual) {
            --level;
            result_.escalated_by.emplace_back("escalate");
        }
        const auto lifted = static_cast<std::uint8_t>(usual - level);
        result_.investigator_level = level_id(level);
        // The region of that level above the place; where the tree has none (a city without
        // counties, say) the next above it.
        const NodeNo place = view_.place_of(x_);
        if (place != none)
            for (const NodeNo p : view_.chain(place))
                if (view_.level_of(p) <= level) {
                    result_.investigator = view_.id(p);
                    result_.investigator_name = view_.name(p);
                    break;
                }
        ceiling_ = profile_.ceilings.at(grade.id);
        ceiling_.leaders =
            ceiling_.leaders > lifted ? static_cast<std::uint8_t>(ceiling_.leaders - lifted) : 0;
        ceiling_.departments = ceiling_.departments > lifted
                                   ? static_cast<std::uint8_t>(ceiling_.departments - lifted)
                                   : 0;
        result_.ceiling_leaders = level_id(ceiling_.leaders);
        result_.ceiling_departments = level_id(ceiling_.departments);
    }

    Exposed& put(const char* side, const char* branch, NodeNo node, const std::string& above) {
        Exposed one;
        one.side = side;
        one.branch = branch;
        one.node = view_.id(node);
        one.name = view_.name(node);
        const KindNo post = view_.post_kind(node);
        one.kind = post != no_kind ? s_.kinds->posts()[post].id : s_.kind_of(node).id;
        one.above = above;
        view_.in(node, k_.holds,
                 [&](EdgeNo e) { one.holders.push_back(label(view_, view_.source(e))); });
        one.vacant = vacant(view_, node);
        if (one.side == "government") {
            const std::uint8_t level = view_.level_of(node);
            one.level = level_id(level);
            const bool department = one.branch == "department";
            const std::uint8_t top = department ? ceiling_.departments : ceiling_.leaders;
            one.within = level == no_level || level >= top;
            if (department && one.within && level == top && level < ceiling_.leaders &&
                !ceiling_.whole_department && post != no_kind)
                one.within = has(ceiling_.posts_at_top, s_.kinds->posts()[post].id);
        }
        one.confidence = "stated";
        nodes_.push_back(node);
        result_.exposed.push_back(std::move(one));
        return result_.exposed.back();
    }

    bool placed(std::string_view side, NodeNo node) const {
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i] == node && result_.exposed[i].side == side) return true;
        return false;
    }

    // "If so found": nothing here finds whether a duty was performed.
    static std::pair<std::string, std::string> on_condition(const Profile::Fine& fine) {
        return {"如认定" + fine.when_zh + "（" + fine.source + "）",
                "if it is found that " + fine.when_en + " (" + fine.source + ")"};
    }

    // A vacant post has nobody to fine.
    void penalise(Exposed& one, int from, int to, const Profile::Fine& fine,
                  const std::string& more_zh, const std::string& more_en) {
        if (one.vacant) return;
        const std::string percent = from == to
                                        ? std::to_string(from) + "%"
                                        : std::to_string(from) + "%–" + std::to_string(to) + "%";
        const auto [when_zh, when_en] = on_condition(fine);
        one.penalty_zh = when_zh + "，处上一年年收入" + percent + "的罚款" + more_zh;
        one.penalty_en = when_en + ": fine of " + percent + " of last year's income" + more_en;
        auto income = options_.incomes.find(one.node);
        if (income == options_.incomes.end())
            view_.in(graph_.at(one.node), k_.holds, [&](EdgeNo e) {
                if (income == options_.incomes.end())
                    income = options_.incomes.find(std::string(view_.id(view_.source(e))));
            });
        if (income == options_.incomes.end()) return;
        if (!(income->second >= 0) || std::isinf(income->second))
            throw InputError("the income of '" + income->first + "' is no amount");
        one.penalty_from = income->second * from / 100;
        one.penalty_to = income->second * to / 100;
    }

    void find_nodes() {
        // One answer names every capacity; a node hangs under the nearest one above it in its path.
        WhoOptions options;
        options.on = view_.on();
        options.sectors = facts_.sectors;
        options.capacities = options_.capacities;
        const Who answer = who(graph_, graph_.id(x_), options);
        for (std::size_t i = 0; i < answer.missing_size(); ++i)
            result_.missing.push_back(answer.missing(i));
        const std::string grade = profile_.grades[grade_].id;
        std::vector<NodeNo> departments;
        for (std::size_t i = 0; i < answer.size(); ++i) {
            const Answer a = answer.at(i);
            const bool enterprise = a.capacity == "C1" || a.capacity == "C2" ||
                                    a.capacity == "C3" || a.capacity == "C14";
            const bool territory = a.capacity == "C4" || a.capacity == "C5";
            if (a.capacity == "C11" || a.capacity == "C12" || a.capacity == "C13") continue;
            const char* side = enterprise ? "enterprise" : "government";
            if (placed(side, a.number)) continue;
            const bool department = !enterprise && !territory;
            Exposed& one = put(side,
                               a.capacity == "C3"    ? "group"
                               : a.capacity == "C14" ? "agency"
                               : enterprise          ? "enterprise"
                               : territory           ? "territory"
                                                     : "department",
                               a.number, above_of(side, a));
            one.capacity = a.capacity;
            one.path = a.path;
            one.basis = a.basis;
            one.confidence = a.confidence;
            if (a.capacity == "C1") {
                const bool life = has(profile_.lifetime, grade);
                penalise(one, profile_.principal_percent.at(grade),
                         profile_.principal_percent.at(grade), profile_.principal_fine,
                         "；撤职，" +
                             (life ? std::string("终身不得担任本行业生产经营单位主要负责人")
                                   : std::to_string(profile_.ban_years) +
                                         "年内不得担任任何生产经营单位主要负责人") +
                             "（" + profile_.ban_source + "）",
                         "; dismissal and " +
                             (life ? std::string("a lifetime ban in the sector")
                                   : "a ban of " + std::to_string(profile_.ban_years) + " years") +
                             " (" + profile_.ban_source + ")");
                if (facts_.concealed) {
                    penalise(one, profile_.absent_percent.first, profile_.absent_percent.second,
                             profile_.absent_fine, {}, {});
                }
            } else if (a.capacity == "C2" && has(profile_.other_posts, one.kind)) {
                penalise(one, profile_.other_percent.first, profile_.other_percent.second,
                         profile_.other_fine, {}, {});
            } else if (!enterprise) {
                one.penalty_zh = profile_.official_zh;
                one.penalty_en = profile_.official_en;
            }
            if (department && view_.is(a.number, k_.dept)) departments.push_back(a.number);
        }
        // Licences given before the accident and no longer valid: who gave them is asked too.
        const NodeNo unit = enterprise_of(view_, x_);
        std::set<NodeNo> objects{x_};
        if (unit != none) objects.insert(unit);
        for (const NodeNo object : objects)
            for (const EdgeNo e : view_.in_range(object, k_.permits)) {
                const NodeNo dept = s_.source[e];
                if ((!s_.edge_from.empty() && s_.edge_from[e] > view_.day()) ||
                    placed("government", dept))
                    continue;
                Exposed& one = put("government", "department", dept, {});
                one.capacity = "C8";
                one.basis = basis_of(view_, e);
                one.confidence = to_string(view_.sureness(e));
                one.penalty_zh = profile_.official_zh;
                one.penalty_en = profile_.official_en;
                if (const NodeNo next = view_.alive(dept) ? none : successor_of(view_, dept);
                    next != none)
                    one.successor = view_.id(next);
                departments.push_back(dept);
            }
        // Inside each department: inspectors and every deputy, up to its head.
        for (const NodeNo dept : departments)
            view_.out(dept, k_.has_post, [&](EdgeNo e) {
                const NodeNo post = view_.target(e);
                const KindNo kind = view_.post_kind(post);
                if (placed("government", post) ||
                    !(kind == k_.inspector || kind == k_.dept_other_deputy ||
                      kind == k_.dept_safety_deputy || kind == k_.dept_principal))
                    return;
                Exposed& one = put("government", "department", post, std::string(view_.id(dept)));
                one.basis = basis_of(view_, e);
                if (one.basis.empty()) one.basis = "安全生产法 第八十七条";
                one.penalty_zh = profile_.official_zh;
                one.penalty_en = profile_.official_en;
            });
        // Contracts and leases, either way.
        for (const NodeNo object : objects) {
            const auto other = [&](EdgeNo e, NodeNo node) {
                if (placed("enterprise", node) || objects.count(node) != 0) return;
                Exposed& one = put("enterprise", "contract", node, {});
                one.basis = basis_of(view_, e);
                if (one.basis.empty()) one.basis = s_.kinds->edges()[view_.kind(e)].basis;
                one.confidence = to_string(view_.sureness(e));
            };
            for (const KindNo kind : {k_.contracts_to, k_.leases_to}) {
                view_.in(object, kind, [&](EdgeNo e) { other(e, view_.source(e)); });
                view_.out(object, kind, [&](EdgeNo e) { other(e, view_.target(e)); });
            }
        }
        // Whoever found, verified or closed its hazards of the window.
        for (const NodeNo hazard : hazards())
            for (const KindNo kind : {k_.found, k_.verifies, k_.closes})
                for (const EdgeNo e : view_.in_range(hazard, kind)) {
                    const NodeNo by = s_.source[e];
                    const NodeNo home = unit_of(by);
                    const bool own = by == unit || (home != none && home == unit);
                    const char* side = own ? "enterprise" : "government";
                    if (placed(side, by) || by == unit) continue;
                    Exposed& one =
                        put(side, "hazard", by,
                            home != none && placed(side, home) ? std::string(view_.id(home))
                                                               : std::string());
                    one.path.push_back(path_edge(e));
                    one.basis = basis_of(view_, e);
                    if (one.basis.empty()) one.basis = "安全生产法 第九十条";
                    one.confidence = to_string(view_.sureness(e));
                    if (!own) {
                        one.penalty_zh = profile_.official_zh;
                        one.penalty_en = profile_.official_en;
                    }
                }
    }

    NodeNo unit_of(NodeNo v) const { return view_.is(v, k_.post) ? view_.unit(v) : none; }

    PathEdge path_edge(EdgeNo e) const {
        PathEdge edge;
        edge.edge = e;
        edge.kind = edge_id(view_, e);
        edge.source = view_.id(view_.source(e));
        edge.target = view_.id(view_.target(e));
        edge.source_name = view_.name(view_.source(e));
        edge.target_name = view_.name(view_.target(e));
        edge.against = true;
        edge.derived = s_.derived(e);
        edge.table = table_of(view_, e);
        edge.row = row_of(view_, e);
        edge.basis = basis_of(view_, e);
        return edge;
    }

    std::string above_of(std::string_view side, const Answer& a) const {
        for (std::size_t i = a.path.size(); i-- > 0;) {
            const PathEdge& e = a.path[i];
            const std::string& before = e.against ? e.target : e.source;
            const NodeNo v = graph_.find(before);
            if (v != none && v != a.number && placed(side, v)) return before;
        }
        return {};
    }

    void find_evidence() {
        const Records& records = s_.records;
        result_.records_given = records.given;
        result_.window_from = add(view_.on(), Duration{profile_.evidence_months, 0}, -1) + 1;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            Exposed& one = result_.exposed[i];
            if (!records.given) continue;
            std::map<std::string, Evidence> found;
            const auto read = [&](NodeNo subject) {
                for (const std::uint32_t row : records.of_subject(subject)) {
                    const std::int32_t day = records.date[row];
                    if (day < result_.window_from.days_since_1970() || day > view_.day() ||
                        records.action[row] == no_action)
                        continue;
                    const std::string& action = records.actions[records.action[row]];
                    Evidence& sum = found[action];
                    sum.action = action;
                    sum.count += records.count(row);
                    sum.last = std::max(sum.last, Date(day));
                }
            };
            read(nodes_[i]);
            view_.in(nodes_[i], k_.holds, [&](EdgeNo e) { read(view_.source(e)); });
            // What an enterprise's principal does is written down of the enterprise.
            if (one.capacity == "C1" && enterprise_of(view_, x_) != none)
                read(enterprise_of(view_, x_));
            for (const auto& [action, sum] : found)
                one.evidence.push_back(sum);
            for (const Profile::Expected& expected : profile_.expected) {
                if (expected.side != one.side || !has(expected.of, one.kind)) continue;
                for (const std::string& action : expected.actions)
                    if (found.count(action) == 0) one.absent.push_back(action);
            }
        }
    }

    void set_clocks() {
        const Profile::Grade& grade = profile_.grades[grade_];
        const auto hours = [&](std::string id, std::string zh, std::string en, int n,
                               const std::string& source) {
            result_.clocks.push_back({std::move(id), std::move(zh), std::move(en), n, {}, source});
        };
        const auto days = [&](std::string id, std::string zh, std::string en,
                              std::optional<Date> due, const std::string& source) {
            result_.clocks.push_back(
                {std::move(id), std::move(zh), std::move(en), {}, due, source});
        };
        int sum = profile_.first_hours;
        hours("report_county", "单位负责人向县级报告，事故后" + std::to_string(sum) + "小时内",
              "head of the unit reports to the county within " + std::to_string(sum) + " h", sum,
              profile_.first_source);
        for (int level = 2; level >= static_cast<int>(grade.report_to); --level) {
            sum += profile_.level_hours;
            const std::string id = level_id(static_cast<std::uint8_t>(level));
            hours(
                "report_" + id,
                "逐级上报至" + level_word(id, Lang::zh) + "，累计" + std::to_string(sum) + "小时内",
                "reported up to the " + id + " within " + std::to_string(sum) + " h in all", sum,
                profile_.level_source);
        }
        const Date t0 = view_.on();
        const int update =
            in_sectors(profile_.short_sectors) ? profile_.update_days_short : profile_.update_days;
        days("update", "伤亡人数变化补报截止", "changes of casualties are reported until",
             t0 + update, profile_.update_source);
        days("investigation", "提交事故调查报告", "investigation report",
             t0 + profile_.investigation_days, profile_.investigation_source);
        const Date last = t0 + (profile_.investigation_days + profile_.investigation_extension);
        days("investigation_extended", "提交事故调查报告（经批准延期）",
             "investigation report, if extended", last, profile_.investigation_source);
        days("approval",
             "收到调查报告后" + std::to_string(grade.approval_days) +
                 "日内批复（按延期后提交计的最迟日）",
             "approval within " + std::to_string(grade.approval_days) +
                 " days of the report (latest day)",
             last + grade.approval_days, profile_.approval_source);
        if (grade.approval_extension > 0)
            days("approval_extended", "批复（特殊情况延长）", "approval, if extended",
                 last + (grade.approval_days + grade.approval_extension), profile_.approval_source);
        std::optional<Date> evaluation;
        if (approved_) evaluation = add(*approved_, Duration{profile_.evaluation_months, 0});
        days("evaluation", "批复后一年内评估整改措施落实情况并公开",
             "implementation of corrective measures evaluated and published within a year of "
             "approval",
             evaluation, profile_.evaluation_source);
    }

    // Hazards of the unit that were found before the accident and open in the window, in id order.
    std::vector<NodeNo> hazards() const {
        std::vector<NodeNo> all;
        const NodeNo unit = enterprise_of(view_, x_);
        std::vector<NodeNo> owners{x_};
        if (unit != none && unit != x_) owners.push_back(unit);
        if (unit != none)
            for (const EdgeNo e : view_.in_range(unit, k_.belongs_to))
                if (view_.is(s_.source[e], k_.site)) owners.push_back(s_.source[e]);
        const auto found_on = s_.attribute("found_on"), closed_on = s_.attribute("closed_on");
        const Date from = add(view_.on(), Duration{profile_.evidence_months, 0}, -1) + 1;
        for (const NodeNo owner : owners)
            for (const EdgeNo e : view_.in_range(owner, k_.belongs_to)) {
                const NodeNo hazard = s_.source[e];
                if (!view_.is(hazard, k_.hazard)) continue;
                const auto found = found_on.at(hazard).as_date();
                const auto closed = closed_on.at(hazard).as_date();
                if (found && *found > view_.on()) continue;
                if (closed && *closed < from) continue;
                all.push_back(hazard);
            }
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
        return all;
    }

    std::vector<std::string> sources(NodeNo hazard, KindNo kind) const {
        std::vector<std::string> ids;
        for (const EdgeNo e : view_.in_range(hazard, kind))
            ids.emplace_back(view_.id(s_.source[e]));
        return ids;
    }

    void look_back() {
        const auto found_on = s_.attribute("found_on"), due_on = s_.attribute("due_on"),
                   closed_on = s_.attribute("closed_on"), state = s_.attribute("state"),
                   grade = s_.attribute("grade"), extended = s_.attribute("extended_to");
        const Records& records = s_.records;
        const std::vector<NodeNo> all = hazards();
        std::vector<std::pair<NodeNo, Date>> finds;
        for (const NodeNo hazard : all) {
            LookBack one;
            one.hazard = view_.id(hazard);
            one.name = view_.name(hazard);
            one.grade = grade.at(hazard).text;
            one.state = state.at(hazard).text;
            one.found_on = found_on.at(hazard).as_date();
            one.due_on = extended.at(hazard).as_date();
            if (!one.due_on) one.due_on = due_on.at(hazard).as_date();
            one.closed_on = closed_on.at(hazard).as_date();
            if (one.closed_on && *one.closed_on > view_.on()) one.closed_on.reset();
            one.finders = sources(hazard, k_.found);
            one.owners = sources(hazard, k_.owns_hazard);
            one.verifiers = sources(hazard, k_.verifies);
            one.closers = sources(hazard, k_.closes);
            const Date end = one.closed_on.value_or(view_.on());
            if (one.found_on) one.days_open = end - *one.found_on;
            one.overdue = one.due_on && end > *one.due_on;
            one.closed_unverified = one.closed_on && one.verifiers.empty();
            if (one.closed_on)
                for (const std::string& closer : one.closers)
                    one.closed_by_owner = one.closed_by_owner || has(one.owners, closer);
            if (records.given) one.never_checked = records.of_object(hazard).empty();
            if (one.found_on)
                for (const EdgeNo e : view_.in_range(hazard, k_.found))
                    finds.emplace_back(s_.source[e], *one.found_on);
            result_.hazards.push_back(std::move(one));
        }
        if (!records.given) return;
        const NodeNo unit = enterprise_of(view_, x_);
        for (const NodeNo object : {x_, unit == x_ ? none : unit}) {
            if (object == none) continue;
            for (const std::uint32_t row : records.of_object(object)) {
                const std::int32_t day = records.date[row];
                if (records.action[row] == no_action) continue;
                const std::string& action = records.actions[records.action[row]];
                if (day < result_.window_from.days_since_1970() || day > view_.day() ||
                    !has(profile_.visit_actions, action))
                    continue;
                Visit visit;
                const NodeNo by = records.subject[row];
                if (by != none) {
                    visit.by = view_.id(by);
                    visit.name = view_.name(by);
                }
                visit.action = action;
                visit.on = Date(day);
                for (const auto& [finder, date] : finds)
                    if (by != none &&
                        (finder == by || unit_of(finder) == by || unit_of(by) == finder) &&
                        std::abs(date - visit.on) <= profile_.recorded_within)
                        ++visit.hazards_recorded;
                result_.visits.push_back(std::move(visit));
            }
        }
        std::stable_sort(result_.visits.begin(), result_.visits.end(),
                         [](const Visit& a, const Visit& b) {
                             return std::tie(a.on, a.by, a.action) < std::tie(b.on, b.by, b.action);
                         });
    }

    const ResponsibilityGraph& graph_;
    const View view_;
    const Store& s_;
    const Known& k_;
    const AccidentFacts& facts_;
    const AccountabilityOptions& options_;
    const Profile profile_;
    NodeNo asked_, x_;
    std::int64_t deaths_ = 0;
    std::size_t grade_ = 0;
    std::optional<Date> approved_;
    std::optional<Asked> asker_;
    Question question_;
    Profile::Ceiling ceiling_;
    std::vector<NodeNo> nodes_;  // of `exposed`
    Accountability result_;
};

std::string date_text(const std::optional<Date>& date) {
    return date ? date->text() : std::string();
}

std::string yuan(double amount) {
    return print_number(amount);
}

struct Word {
    const char *id, *zh, *en;
};
constexpr std::array<Word, 7> branches{{{"enterprise", "企业人员", "people of the enterprise"},
                                        {"contract", "发包、承租单位", "contractors and lessors"},
                                        {"group", "集团", "group"},
                                        {"agency", "服务机构", "agencies"},
                                        {"department", "部门", "departments"},
                                        {"territory", "属地", "territory"},
                                        {"hazard", "隐患经手人", "handlers of hazards"}}};

}  // namespace

std::string accident_grade(std::int64_t deaths, std::int64_t injuries, double loss,
                           const std::shared_ptr<const Pack>& pack) {
    if (deaths < 0 || injuries < 0 || !(loss >= 0) || std::isinf(loss))
        throw InputError("deaths, injuries and loss must be numbers that are not negative");
    const Profile profile(*pack_or_usual(pack, std::nullopt));
    return profile.grades[profile.grade(deaths, injuries, loss)].id;
}

Accountability accountability(const ResponsibilityGraph& graph, std::string_view node,
                              const AccidentFacts& facts, const AccountabilityOptions& options) {
    const NodeNo x = graph.at(node);
    const Store& s = graph.store();
    std::optional<Date> on = facts.on;
    if (!on && s.is(x, s.known.accident)) on = s.attribute("date").at(x).as_date();
    return Maker(graph, x, facts, options, graph.day(on)).make();
}

std::string Accountability::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const auto called = [](const std::string& n, const std::string& id) {
        return n.empty() ? id : n;
    };
    std::string t = (zh ? note_zh : note_en) + "\n";
    t += called(name, node) + (zh ? "，" : ", ") + on.text() + (zh ? "：" : ": ") +
         (zh ? grade_zh : grade_en) + (zh ? "（" : " (") + source + (zh ? "）" : ")") + "\n";
    t += (zh ? "调查：" : "Investigated by: ") + level_word(investigator_level, lang) +
         (investigator.empty() ? "" : " " + called(investigator_name, investigator)) +
         (body_zh.empty() ? "" : (zh ? "；" : "; ") + (zh ? body_zh : body_en)) + "\n";
    if (!escalated_by.empty())
        t += (zh ? "提级：" : "Raised by: ") + join(escalated_by, zh ? "、" : ", ") + "\n";
    t += (zh ? "单位罚款：" + fine_when_zh + "，" : "Fine of the unit: " + fine_when_en + ", ") +
         yuan(fine_from) + "–" + yuan(fine_to) + (zh ? "元" : " yuan") + "\n";
    const auto action_word = [&](const std::string& action) {
        for (const ActionWord& word : words)
            if (word.action == action) return zh ? word.zh : word.en;
        return action;
    };
    const auto absent = [&](const std::vector<std::string>& actions) {
        std::vector<std::string> list;
        for (const std::string& action : actions)
            list.push_back(action_word(action));
        return join(list, zh ? "、" : ", ");
    };
    std::size_t beyond = 0;
    for (const char* side : {"enterprise", "government"}) {
        t += std::string("\n") +
             (zh ? (std::string_view(side) == "enterprise" ? "企业侧" : "政府侧")
                 : (std::string_view(side) == "enterprise" ? "Enterprise" : "Government")) +
             "\n";
        // The tree, by an explicit stack; a node hangs under the one it names.
        std::map<std::string, std::vector<std::size_t>> below;
        for (std::size_t i = exposed.size(); i-- > 0;)
            if (exposed[i].side == side) below[exposed[i].above].push_back(i);
        std::vector<std::pair<std::size_t, std::size_t>> stack;
        for (const std::size_t i : below[""])
            stack.emplace_back(i, 1);
        while (!stack.empty()) {
            const auto [i, depth] = stack.back();
            stack.pop_back();
            const Exposed& one = exposed[i];
            for (const std::size_t child : below[one.node])
                stack.emplace_back(child, depth + 1);
            if (!one.within) {
                ++beyond;
                continue;
            }
            const std::string indent(2 * depth, ' ');
            t += indent + called(one.name, one.node);
            t += holders_text(one.holders, one.vacant, lang);
            for (const Word& word : branches)
                if (one.branch == word.id) t += std::string(" ") + (zh ? word.zh : word.en);
            if (!one.capacity.empty()) t += " " + one.capacity;
            t += "\n" + indent + "  " + (zh ? "依据：" : "basis: ") + one.basis + "\n";
            if (!one.successor.empty())
                t +=
                    indent + "  " + (zh ? "现由其承继：" : "succeeded by: ") + one.successor + "\n";
            // What is the same for every official stands once below.
            if (!one.penalty_zh.empty() && one.penalty_zh != official_zh) {
                t += indent + "  " + (zh ? one.penalty_zh : one.penalty_en);
                if (one.penalty_from)
                    t += (zh ? "：" : ": ") + yuan(*one.penalty_from) +
                         (*one.penalty_to > *one.penalty_from ? "–" + yuan(*one.penalty_to) : "") +
                         (zh ? "元" : " yuan");
                t += "\n";
            }
            if (!one.evidence.empty()) {
                std::vector<std::string> parts;
                for (const Evidence& e : one.evidence)
                    parts.push_back(action_word(e.action) + "×" + print_number(e.count));
                t += indent + "  " + (zh ? "履职记录：" : "records: ") +
                     join(parts, zh ? "、" : ", ") + "\n";
            }
            if (!one.absent.empty())
                t += indent + "  " + (zh ? "【缺】" : "[absent] ") + absent(one.absent) + "\n";
        }
    }
    t += "\n" + (zh ? official_zh + "。" : official_en + ".") + "\n";
    if (beyond > 0)
        t += (zh ? "\n另有" + std::to_string(beyond) + "个节点在审查层级上限之外（见表）。\n"
                 : "\n" + std::to_string(beyond) +
                       " more lie beyond the ceiling (see the table).\n");
    if (!records_given)
        t += zh ? "\n没有给出履职记录，证据未评定。\n"
                : "\nNo records were given: evidence not assessed.\n";
    // Patterns of one capacity may break at the same place: one sentence then.
    std::string last;
    for (const Missing& m : missing) {
        std::string line = (zh ? "无人承担：" : "Nobody: ") + m.capacity + " " + m.reason + "\n";
        if (line != last) t += line;
        last = std::move(line);
    }
    t += zh ? "\n时限\n" : "\nClocks\n";
    for (const Clock& clock : clocks)
        t += "  " + (zh ? clock.zh : clock.en) + (clock.due ? " " + clock.due->text() : "") +
             (zh ? "（" : " (") + clock.source + (zh ? "）" : ")") + "\n";
    t += zh ? "\n倒查\n" : "\nLooking back\n";
    for (const LookBack& one : hazards) {
        t += "  " + called(one.name, one.hazard) + " " + date_text(one.found_on);
        const std::array<std::tuple<bool, const char*, const char*>, 4> flags{
            {{one.overdue, "逾期", "overdue"},
             {one.closed_unverified, "未核查即销号", "closed unverified"},
             {one.closed_by_owner, "自行销号", "closed by its owner"},
             {one.never_checked, "无检查记录", "never checked"}}};
        for (const auto& [set, word_zh, word_en] : flags)
            if (set) t += std::string(" ") + (zh ? word_zh : word_en);
        t += "\n";
    }
    for (const Visit& visit : visits)
        if (visit.hazards_recorded == 0)
            t += "  " + visit.on.text() + " " + called(visit.name, visit.by) + " " +
                 action_word(visit.action) + (zh ? "：未记录隐患" : ": recorded no hazard") + "\n";
    return t;
}

std::string Accountability::to_json(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const auto amount = [](const std::optional<double>& x) {
        return x ? print_number(*x) : std::string("null");
    };
    const auto day = [](const std::optional<Date>& date) {
        return date ? json_text(date->text()) : std::string("null");
    };
    const auto yes = [](bool x) { return std::string(x ? "true" : "false"); };
    std::string json = "{\"note\":" + json_text(zh ? note_zh : note_en) +
                       ",\"node\":" + json_text(node) + ",\"on\":" + json_text(on.text()) +
                       ",\"grade\":" + json_text(grade) + ",\"criteria\":" + json_list(criteria) +
                       ",\"investigator_level\":" + json_text(investigator_level) +
                       ",\"investigator\":" + json_text(investigator) +
                       ",\"escalated_by\":" + json_list(escalated_by) +
                       ",\"ceiling\":{\"leaders\":" + json_text(ceiling_leaders) +
                       ",\"departments\":" + json_text(ceiling_departments) + "},\"fine\":[" +
                       print_number(fine_from) + "," + print_number(fine_to) +
                       "],\"fine_when\":" + json_text(zh ? fine_when_zh : fine_when_en) +
                       ",\"exposed\":[";
    for (std::size_t i = 0; i < exposed.size(); ++i) {
        const Exposed& one = exposed[i];
        json += std::string(i == 0 ? "" : ",") + "{\"side\":" + json_text(one.side) +
                ",\"branch\":" + json_text(one.branch) +
                ",\"capacity\":" + json_text(one.capacity) + ",\"node\":" + json_text(one.node) +
                ",\"name\":" + json_text(one.name) + ",\"kind\":" + json_text(one.kind) +
                ",\"above\":" + json_text(one.above) + ",\"holders\":" + json_list(one.holders) +
                ",\"level\":" + json_text(one.level) + ",\"within\":" + yes(one.within) +
                ",\"basis\":" + json_text(one.basis) +
                ",\"confidence\":" + json_text(one.confidence) + ",\"evidence\":[";
        for (std::size_t n = 0; n < one.evidence.size(); ++n)
            json += std::string(n == 0 ? "" : ",") +
                    "{\"action\":" + json_text(one.evidence[n].action) +
                    ",\"count\":" + print_number(one.evidence[n].count) +
                    ",\"last\":" + json_text(one.evidence[n].last.text()) + "}";
        json += "],\"absent\":" + json_list(one.absent) +
                ",\"penalty\":" + json_text(zh ? one.penalty_zh : one.penalty_en) +
                ",\"penalty_from\":" + amount(one.penalty_from) +
                ",\"penalty_to\":" + amount(one.penalty_to) + "}";
    }
    json += "],\"clocks\":[";
    for (std::size_t i = 0; i < clocks.size(); ++i)
        json += std::string(i == 0 ? "" : ",") + "{\"clock\":" + json_text(clocks[i].id) +
                ",\"text\":" + json_text(zh ? clocks[i].zh : clocks[i].en) +
                ",\"hours\":" + (clocks[i].hours ? std::to_string(*clocks[i].hours) : "null") +
                ",\"due\":" + day(clocks[i].due) + ",\"source\":" + json_text(clocks[i].source) +
                "}";
    json += "],\"hazards\":[";
    for (std::size_t i = 0; i < hazards.size(); ++i) {
        const LookBack& one = hazards[i];
        json += std::string(i == 0 ? "" : ",") + "{\"hazard\":" + json_text(one.hazard) +
                ",\"grade\":" + json_text(one.grade) + ",\"state\":" + json_text(one.state) +
                ",\"found_on\":" + day(one.found_on) + ",\"due_on\":" + day(one.due_on) +
                ",\"closed_on\":" + day(one.closed_on) + ",\"finders\":" + json_list(one.finders) +
                ",\"owners\":" + json_list(one.owners) +
                ",\"verifiers\":" + json_list(one.verifiers) +
                ",\"closers\":" + json_list(one.closers) +
                ",\"days_open\":" + (one.days_open < 0 ? "null" : std::to_string(one.days_open)) +
                ",\"overdue\":" + yes(one.overdue) +
                ",\"closed_unverified\":" + yes(one.closed_unverified) +
                ",\"closed_by_owner\":" + yes(one.closed_by_owner) +
                ",\"never_checked\":" + yes(one.never_checked) + "}";
    }
    json += "],\"visits\":[";
    for (std::size_t i = 0; i < visits.size(); ++i)
        json += std::string(i == 0 ? "" : ",") + "{\"on\":" + json_text(visits[i].on.text()) +
                ",\"by\":" + json_text(visits[i].by) +
                ",\"action\":" + json_text(visits[i].action) +
                ",\"hazards_recorded\":" + std::to_string(visits[i].hazards_recorded) + "}";
    return json + "]}";
}

namespace {

class Texts {
public:
    explicit Texts(std::vector<std::string> names)
        : names_(std::move(names)), columns_(names_.size()) {}
    void add(const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            columns_[i].append(row.at(i));
    }
    void finish(Table& table) {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            table.add(names_[i], columns_[i].finish());
    }

private:
    std::vector<std::string> names_;
    std::vector<TextBuilder> columns_;
};

Column dates(const std::vector<std::optional<Date>>& cells) {
    std::vector<Date> days;
    std::vector<std::uint8_t> valid;
    for (const auto& cell : cells) {
        days.push_back(cell.value_or(Date()));
        valid.push_back(cell.has_value());
    }
    return Column::of(days, valid);
}

Column amounts(const std::vector<std::optional<double>>& cells) {
    std::vector<double> numbers;
    for (const auto& cell : cells)
        numbers.push_back(cell.value_or(std::nan("")));
    return Column::of(std::move(numbers));
}

}  // namespace

Table Accountability::table(Lang lang) const {
    const bool zh = lang == Lang::zh;
    Texts columns({"side", "branch", "capacity", "node", "name", "kind", "above", "holders",
                   "level", "basis", "confidence", "evidence", "absent", "penalty", "successor"});
    std::vector<std::uint8_t> within;
    std::vector<std::optional<double>> from, to;
    for (const Exposed& one : exposed) {
        std::vector<std::string> evidence;
        for (const Evidence& e : one.evidence)
            evidence.push_back(e.action + "=" + print_number(e.count));
        columns.add({one.side, one.branch, one.capacity, one.node, one.name, one.kind, one.above,
                     one.vacant ? std::string(zh ? "空缺" : "vacant") : join(one.holders, ";"),
                     one.level, one.basis, one.confidence, join(evidence, ";"),
                     join(one.absent, ";"), zh ? one.penalty_zh : one.penalty_en, one.successor});
        within.push_back(one.within);
        from.push_back(one.penalty_from);
        to.push_back(one.penalty_to);
    }
    Table table(Origin{"accountability", {}, -1, {}, -1});
    columns.finish(table);
    table.add("within", Column::of_booleans(std::move(within)));
    table.add("penalty_from", amounts(from));
    table.add("penalty_to", amounts(to));
    return table;
}

Table Accountability::clock_table(Lang lang) const {
    Texts columns({"clock", "text", "source"});
    std::vector<std::optional<double>> hours;
    std::vector<std::optional<Date>> due;
    for (const Clock& clock : clocks) {
        columns.add({clock.id, lang == Lang::zh ? clock.zh : clock.en, clock.source});
        hours.push_back(clock.hours ? std::optional<double>(*clock.hours) : std::nullopt);
        due.push_back(clock.due);
    }
    Table table(Origin{"clocks", {}, -1, {}, -1});
    columns.finish(table);
    table.add("hours", amounts(hours));
    table.add("due", dates(due));
    return table;
}

Table Accountability::hazard_table() const {
    Texts columns(
        {"hazard", "name", "grade", "state", "finders", "owners", "verifiers", "closers"});
    std::vector<std::optional<Date>> found, due, closed;
    std::vector<std::optional<double>> open;
    std::vector<std::uint8_t> overdue, unverified, by_owner, never;
    for (const LookBack& one : hazards) {
        columns.add({one.hazard, one.name, one.grade, one.state, join(one.finders, ";"),
                     join(one.owners, ";"), join(one.verifiers, ";"), join(one.closers, ";")});
        found.push_back(one.found_on);
        due.push_back(one.due_on);
        closed.push_back(one.closed_on);
        open.push_back(one.days_open < 0 ? std::nullopt
                                         : std::optional(static_cast<double>(one.days_open)));
        overdue.push_back(one.overdue);
        unverified.push_back(one.closed_unverified);
        by_owner.push_back(one.closed_by_owner);
        never.push_back(one.never_checked);
    }
    Table table(Origin{"look_back", {}, -1, {}, -1});
    columns.finish(table);
    table.add("found_on", dates(found));
    table.add("due_on", dates(due));
    table.add("closed_on", dates(closed));
    table.add("days_open", amounts(open));
    table.add("overdue", Column::of_booleans(std::move(overdue)));
    table.add("closed_unverified", Column::of_booleans(std::move(unverified)));
    table.add("closed_by_owner", Column::of_booleans(std::move(by_owner)));
    table.add("never_checked", Column::of_booleans(std::move(never)));
    return table;
}

Table Accountability::visit_table() const {
    Texts columns({"by", "name", "action"});
    std::vector<std::optional<Date>> on_day;
    std::vector<std::int64_t> recorded;
    for (const Visit& visit : visits) {
        columns.add({visit.by, visit.name, visit.action});
        on_day.emplace_back(visit.on);
        recorded.push_back(visit.hazards_recorded);
    }
    Table table(Origin{"visits", {}, -1, {}, -1});
    table.add("on", dates(on_day));
    columns.finish(table);
    table.add("hazards_recorded", Column::of(std::move(recorded)));
    return table;
}

}  // namespace safetyrisk::graph
