#include "expand.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::plan {
namespace {

using View = std::string_view;

bool starts_with(View text, View start) {
    return text.substr(0, start.size()) == start;
}
bool ends_with(View text, View end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Levels as they stand before names; each is one character of three bytes.
constexpr std::array<View, 8> levels = {"省", "市", "县", "区", "镇", "乡", "州", "旗"};

View level_of(View name) {
    for (const View level : levels)
        if (starts_with(name, level) && name.size() > 2 * level.size()) {
            // 市场监管局, 区域…, 县域… begin with a word, not with a level.
            for (const View word : {View("市场"), View("市政"), View("市容"), View("区域"),
                                    View("县域"), View("乡村"), View("州府"), View("省际")})
                if (starts_with(name, word)) return {};
            return level;
        }
    return {};
}

// Heads of departments whose level a list gives once.
bool is_department(View name) {
    for (const View end :
         {View("局"), View("委"), View("厅"), View("办"), View("委员会"), View("办公室"),
          View("总队"), View("支队"), View("大队"), View("总工会"), View("中心"), View("社")})
        if (ends_with(name, end)) return true;
    return false;
}

// A name that begins with a place of its own has no level to inherit.
bool has_place(View name) {
    for (const View opening :
         {View("各"), View("有关"), View("相关"), View("“"), View("国网"), View("中国"), View("驻"),
          View("其他"), View("负有"), View("所有"), View("全")})
        if (starts_with(name, opening)) return true;
    for (const View level : levels) {
        const std::size_t at = name.find(level);
        // 宜春市…, 丰城市政府: a level behind a proper name.
        if (at != View::npos && at >= 6 && at <= 15) return true;
    }
    return false;
}

std::vector<Resolved> halves(View name) {
    static constexpr std::array<std::pair<View, View>, 6> pairs = {
        std::pair<View, View>{"党委、政府", "政府"},
        {"党委、人民政府", "人民政府"},
        {"党(工)委、政府", "政府"},
        {"党工委、管委会", "管委会"},
        {"工委、管委会", "管委会"},
        {"党委、办事处", "办事处"}};
    for (const auto& [both, second] : pairs)
        if (ends_with(name, both)) {
            const View place = name.substr(0, name.size() - both.size());
            const View first = both.substr(0, both.size() - second.size() - 3);
            return {{std::string(place) + std::string(first), "party_and_government"},
                    {std::string(place) + std::string(second), "party_and_government"}};
        }
    return {};
}

// 市、县人民政府: one head, several levels.
std::vector<Resolved> level_list(View name) {
    std::vector<View> found;
    std::size_t at = 0;
    View every;
    if (starts_with(name, "各")) {
        every = name.substr(0, 3);
        at = 3;
    }
    while (at + 3 < name.size()) {
        const View one = name.substr(at, 3);
        if (std::find(levels.begin(), levels.end(), one) == levels.end()) return {};
        found.push_back(one);
        if (name.substr(at + 3, 3) == "、") {
            at += 6;
            continue;
        }
        at += 3;
        break;
    }
    if (found.size() < 2 || at >= name.size()) return {};
    std::vector<Resolved> out;
    for (const View one : found)
        out.push_back(
            {std::string(every) + std::string(one) + std::string(name.substr(at)), "levels"});
    return out;
}

class Expander {
public:
    explicit Expander(PlanText& plan) : plan_(plan) {}

    void run() {
        for (Task& task : plan_.tasks) {
            View level;
            std::uint16_t tier = 0;
            Role role = Role::responsible;
            for (std::size_t i = 0; i < task.units.size(); ++i) {
                UnitMention& unit = task.units[i];
                if (i == 0 || unit.tier != tier || unit.role != role) level = {};
                tier = unit.tier;
                role = unit.role;
                one(task, i, level);
                const View own = level_of(unit.name);
                if (!own.empty() && is_department(unit.name)) level = own;
            }
        }
    }

private:
    void one(Task& task, std::size_t i, View level) {
        UnitMention& unit = task.units[i];
        const View name = unit.name;
        if (auto both = halves(name); !both.empty()) {
            unit.resolved = std::move(both);
            return;
        }
        if (auto several = level_list(name); !several.empty()) {
            unit.resolved = std::move(several);
            return;
        }
        if (starts_with(name, "“") && zones(name, unit.resolved)) return;
        // A、B工管委: the head stands behind the last of the list.
        if (shared_head(task, i, unit.resolved)) return;
        if (ends_with(name, "工管委")) {
            const std::string place(name.substr(0, name.size() - View("工管委").size()));
            unit.resolved = {{place + "工委", "working_committee"},
                             {place + "管委会", "working_committee"}};
            return;
        }
        if (!level.empty() && level_of(name).empty() && is_department(name) && !has_place(name))
            unit.resolved = {{std::string(level) + std::string(name), "level"}};
    }

    // “三区”管委会 are the zones that the plan is addressed to.
    bool zones(View name, std::vector<Resolved>& out) const {
        static constexpr std::array<View, 10> numbers = {"",   "一", "两", "三", "四",
                                                         "五", "六", "七", "八", "九"};
        std::size_t wanted = 0;
        for (std::size_t n = 1; n < numbers.size(); ++n)
            if (starts_with(name.substr(3), numbers[n])) wanted = n;
        if (wanted < 2) return false;
        std::vector<Resolved> found;
        for (std::size_t i = 0; i < plan_.addressees.size(); ++i) {
            const View place = plan_.addressees[i];
            const bool body = ends_with(place, "管委会") || ends_with(place, "管理委员会");
            const bool bare = ends_with(place, "新区") || ends_with(place, "开发区") ||
                              ends_with(place, "高新区") || ends_with(place, "风景名胜区") ||
                              ends_with(place, "园区");
            if (starts_with(place, "各") || (!body && !bare)) continue;
            // A bare place shares the head of the list's last: 宜阳新区、明月山风景名胜区管委会.
            found.push_back(
                {bare ? std::string(place) + "管委会" : std::string(place), "addressees"});
        }
        if (found.size() != wanted) return false;
        out = std::move(found);
        return true;
    }

    static bool shared_head(const Task& task, std::size_t i, std::vector<Resolved>& out) {
        const UnitMention& unit = task.units[i];
        const View name = unit.name;
        const bool bare = ends_with(name, "开发区") || ends_with(name, "新区") ||
                          ends_with(name, "高新区") || ends_with(name, "经开区") ||
                          ends_with(name, "园区") || ends_with(name, "保税区");
        if (!bare) return false;
        for (std::size_t j = i + 1; j < task.units.size(); ++j) {
            const UnitMention& next = task.units[j];
            if (next.tier != unit.tier || next.role != unit.role) break;
            if (ends_with(next.name, "工管委")) {
                out = {{std::string(name) + "工委", "shared_head"},
                       {std::string(name) + "管委会", "shared_head"}};
                return true;
            }
            if (ends_with(next.name, "管委会")) {
                out = {{std::string(name) + "管委会", "shared_head"}};
                return true;
            }
        }
        return false;
    }

    PlanText& plan_;
};

}  // namespace

void expand(PlanText& plan) {
    Expander(plan).run();
}

}  // namespace safetyrisk::plan
