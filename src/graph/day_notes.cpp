// What the days of the data say about a day that somebody asks of.
#include "store.hpp"
#include "words.hpp"

#include <algorithm>

namespace safetyrisk::graph {
namespace {

struct Begin {
    std::int32_t day;
    std::string what;
};

// Relations and actions of records of which nothing had happened by the day, and when it did first.
std::vector<Begin> not_begun(const Store& s, std::int32_t on, Lang lang) {
    const bool zh = lang == Lang::zh;
    std::vector<Begin> out;
    for (std::size_t kind = 0; kind < s.kinds->edges().size(); ++kind)
        if (const std::int32_t first = s.first_edge[kind]; first > on && first != always_to)
            out.push_back({first, zh ? "关系“" + s.kinds->edges()[kind].zh + "”"
                                     : "relation " + s.kinds->edges()[kind].en});
    for (std::size_t action = 0; action < s.records.first.size(); ++action)
        if (const std::int32_t first = s.records.first[action]; first > on && first != always_to) {
            const std::string word = action_word(s.records.actions[action], lang);
            out.push_back({first, zh ? "“" + word + "”记录" : "records of " + word});
        }
    std::stable_sort(out.begin(), out.end(),
                     [](const Begin& a, const Begin& b) { return a.day < b.day; });
    return out;
}

}  // namespace

std::vector<std::string> ResponsibilityGraph::day_notes(Date on, Lang lang) const {
    constexpr std::size_t named = 5;
    const bool zh = lang == Lang::zh;
    std::vector<std::string> out;
    const std::vector<Begin> late = not_begun(*store_, on.days_since_1970(), lang);
    if (!late.empty()) {
        std::string list;
        for (std::size_t i = 0; i < std::min(named, late.size()); ++i)
            list += (i == 0 ? ""
                     : zh   ? "、"
                            : ", ") +
                    late[i].what + (zh ? "（" : " (") + Date(late[i].day).text() +
                    (zh ? "）" : ")");
        if (late.size() > named)
            list += zh ? "等 " + std::to_string(late.size()) + " 类"
                       : " and " + std::to_string(late.size() - named) + " more";
        out.push_back(zh ? "所问日期 " + on.text() + " 早于这些数据最早的一天：" + list +
                               "；由此发现的缺失、超期可能只是此前没有登记"
                         : on.text() + " is before the first day of these data: " + list +
                               "; what is found missing or late may only not have been registered "
                               "by then");
    }
    if (const auto last = data_date(); last && *last < on)
        out.push_back(zh ? "所问日期 " + on.text() + " 晚于数据日期 " + last->text() +
                               "；其后的任免、检查、隐患等数据中没有，由此发现的空缺、超期可能只是"
                               "数据未更新"
                         : on.text() + " is after the day of the data, " + last->text() +
                               "; appointments, inspections and hazards since are not in it, so "
                               "that vacancies and delays may only mean old data");
    return out;
}

}  // namespace safetyrisk::graph
