#include "finder.hpp"
#include "words.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_map>

namespace safetyrisk::graph {
namespace {

using Data = Who::Data;

std::vector<std::uint32_t> path_to(const Data& data, std::uint32_t step) {
    std::vector<std::uint32_t> steps;
    for (; data.steps[step].parent != none; step = data.steps[step].parent)
        steps.push_back(step);
    std::reverse(steps.begin(), steps.end());
    return steps;
}

// "甲厂 ←属地管理— 新昌村委会 —隶属→ 新昌村".
std::string path_text(const View& view, const Data& data, std::uint32_t step, Lang lang) {
    std::string text = label(view, data.node);
    for (const std::uint32_t s : path_to(data, step)) {
        const Data::Step& one = data.steps[s];
        text += one.against ? " ←" : " —";
        text += edge_word(view, one.edge, lang);
        text += one.against ? "— " : "→ ";
        text += label(view, one.node);
    }
    return text;
}

std::string answer_basis(const View& view, const Data& data, const Data::Row& row) {
    const EdgeNo edge = data.steps[row.step].edge;
    std::string basis = basis_of(view, edge);
    if (basis.empty() && edge != none) basis = view.s.kinds->edges()[view.kind(edge)].basis;
    if (basis.empty()) basis = data.capacities->all[row.capacity].basis;
    return basis;
}

std::vector<std::string> holder_names(const View& view, NodeNo node) {
    std::vector<std::string> names;
    if (view.is(node, view.s.known.post))
        view.in(node, view.s.known.holds,
                [&](EdgeNo e) { names.push_back(label(view, view.source(e))); });
    return names;
}

}  // namespace

bool vacant(const View& view, NodeNo node) {
    if (!view.is(node, view.s.known.post) || view.held(node)) return false;
    if (!view.has_edges(view.s.known.holds)) return false;
    return !view.s.attribute("edges:HOLDS").unclear(view.like(node));
}

std::string holders_text(const std::vector<std::string>& holders, bool vacant, Lang lang) {
    const bool zh = lang == Lang::zh;
    if (holders.empty() && !vacant) return {};
    return (zh ? "（" : " (") +
           (vacant ? std::string(zh ? "空缺" : "vacant") : join(holders, zh ? "、" : ", ")) +
           (zh ? "）" : ")");
}

namespace {

// A pattern as a person reads it: "所在各级区划 ←行业监管".
std::string pattern_words(const View& view, const Data& data, const Capacities::Pattern& pattern,
                          Lang lang) {
    const bool zh = lang == Lang::zh;
    std::string text;
    switch (pattern.start) {
        case Capacities::Start::self:
            text = zh ? "本对象" : "the node";
            break;
        case Capacities::Start::enterprise:
            text = zh ? "所属企业" : "its enterprise";
            break;
        case Capacities::Start::territory:
            text = zh ? "本对象（或所属企业）" : "the node (or its enterprise)";
            break;
        case Capacities::Start::places:
            text = zh ? "所在各级区划" : "each place it lies in";
            break;
        case Capacities::Start::answers:
            for (const std::size_t from : pattern.from)
                text += (text.empty() ? "" : zh ? "、" : ", ") + data.capacities->all[from].id;
            break;
    }
    for (const Capacities::Step& step : pattern.steps) {
        if (step.edge == no_kind) continue;
        const EdgeKind& kind = view.s.kinds->edges()[step.edge];
        text += step.against ? " ←" : " →";
        text += zh ? kind.zh : kind.en;
        if (step.repeat == Capacities::Repeat::star || step.repeat == Capacities::Repeat::plus)
            text += zh ? "（逐级）" : " (repeated)";
    }
    return text;
}

struct Sentence {
    std::string_view zh, en;
};

// {1} the node where it broke, {2} the relation, {3} the other end, {4} a date, {5} successor,
// {6} how many.
Sentence sentence_of(Broken why, bool against) {
    switch (why) {
        case Broken::no_edge:
            return against ? Sentence{"没有主体以“{2}”关系指向{1}", "nobody {2} {1}"}
                           : Sentence{"{1}没有“{2}”关系", "{1} has no edge '{2}'"};
        case Broken::expired:
            return {"{3}与{1}的“{2}”关系已于{4}到期", "'{2}' between {3} and {1} expired on {4}"};
        case Broken::not_yet:
            return {"{3}与{1}的“{2}”关系自{4}起才生效",
                    "'{2}' between {3} and {1} is not valid until {4}"};
        case Broken::unit_dissolved:
            return {"{3}（与{1}为“{2}”关系）已于{4}撤销{5}",
                    "{3} ('{2}' with {1}) was dissolved on {4}{5}"};
        case Broken::unit_not_yet:
            return {"{3}（与{1}为“{2}”关系）自{4}起才设立",
                    "{3} ('{2}' with {1}) exists from {4} on"};
        case Broken::vacant:
            return {"岗位“{3}”{4}无人任职", "the post {3} is vacant{4}"};
        case Broken::other_sectors:
            return {"与{1}有“{2}”关系的{6}项均不含所问行业领域（如{3}）",
                    "{6} edges '{2}' at {1} name other sectors only (such as {3})"};
        case Broken::other_links:
            return {"与{1}有“{2}”关系的{6}项只管其他环节（如{3}）",
                    "{6} edges '{2}' at {1} are for other links only (such as {3})"};
        case Broken::other_kind:
            return {"与{1}有“{2}”关系的主体不属于所要的类别（如{3}）",
                    "what {1} has '{2}' with is of another kind (such as {3})"};
        case Broken::other_region:
            return {"{1}没有，相邻的{3}有“{2}”关系（共{6}项）",
                    "not in {1}, but beside it {3} has '{2}' ({6} in all)"};
        case Broken::other_scene:
            return {"与{1}有“{2}”关系的{6}项限于其他场景（如{3}）",
                    "{6} edges '{2}' at {1} are for other scenes only (such as {3})"};
        case Broken::removed:
            return {"{3}与{1}的“{2}”关系在本次推演中被取消",
                    "'{2}' between {3} and {1} is taken away by the change tried"};
        case Broken::no_place:
            return {"{1}没有填写所在区划", "{1} names no division"};
        case Broken::no_sectors:
            return {"{1}没有行业领域，无法按行业查找", "{1} has no sector to look by"};
        case Broken::place_dissolved:
            return {"{1}所在的{3}已于{4}撤销{5}", "{3}, where {1} lies, was dissolved on {4}{5}"};
        case Broken::no_start:
            return {"{1}没有可由之开始的所属单位或前序身份",
                    "{1} has no unit or earlier capacity to begin from"};
        case Broken::circle:
            return {"“{2}”关系绕回{3}，不成路径", "'{2}' leads back to {3}: no path"};
    }
    return {};
}

std::string reason_of(const View& view, const Data& data, const Data::Gap& gap, Lang lang,
                      bool factored) {
    const bool zh = lang == Lang::zh;
    // In an answer that many nodes share, the node asked about is whichever it is.
    const auto called = [&](NodeNo node) {
        if (node == none) return std::string();
        if (factored && node == data.node) return std::string(zh ? "本单位" : "the unit itself");
        return label(view, node);
    };
    const Capacities::Capacity& capacity = data.capacities->all[gap.capacity];
    std::string relation;
    bool against = false;
    if (gap.edge != none) {
        relation = edge_word(view, gap.edge, lang);
    } else if (gap.step < capacity.patterns[gap.pattern].steps.size()) {
        const Capacities::Step& step = capacity.patterns[gap.pattern].steps[gap.step];
        if (step.edge != no_kind) {
            const EdgeKind& kind = view.s.kinds->edges()[step.edge];
            relation = zh ? kind.zh : kind.en;
        }
        against = step.against;
    }
    std::string date;
    if (gap.why == Broken::vacant) {
        if (gap.edge != none)
            date = zh ? "自" + Date(gap.date + 1).text() + "起"
                      : " since " + Date(gap.date + 1).text();
        else if (gap.date != always_from)
            date = zh ? "自" + Date(gap.date).text() + "设立以来"
                      : " since it was made on " + Date(gap.date).text();
    } else if (gap.date != always_from && gap.date != always_to && gap.date != 0) {
        date = Date(gap.date).text();
    }
    std::string successor;
    if (gap.successor != none)
        successor = zh ? "，由" + label(view, gap.successor) + "承继"
                       : "; its successor is " + label(view, gap.successor);
    const Sentence sentence = sentence_of(gap.why, against);
    std::string text = fill(
        zh ? sentence.zh : sentence.en,
        {called(gap.at), relation, called(gap.other), date, successor, std::to_string(gap.count)});
    if (gap.sector != none) {
        const Sectors::Sector& sector = view.s.sectors.all[gap.sector];
        text += zh ? "（" + sector.zh : " (" + sector.en;
        if (gap.link != none) {
            text += zh ? "，环节：" : ", link ";
            text += link_word(view.s, view.s.links[gap.link], lang);
        }
        text += zh ? "）" : ")";
    }
    return text;
}

Answer make_answer(const View& view, const Data& data, const Data::Row& row) {
    const Data::Step& step = data.steps[row.step];
    Answer answer;
    answer.capacity = data.capacities->all[row.capacity].id;
    answer.number = step.node;
    answer.node = view.id(step.node);
    answer.name = view.name(step.node);
    answer.holders = holder_names(view, step.node);
    answer.vacant = vacant(view, step.node);
    for (const std::uint32_t s : path_to(data, row.step)) {
        const Data::Step& one = data.steps[s];
        const NodeNo before = data.steps[one.parent].node;
        const NodeNo source = one.against ? one.node : before;
        const NodeNo target = one.against ? before : one.node;
        PathEdge edge;
        edge.edge = one.edge;
        edge.kind = edge_id(view, one.edge);
        edge.source = view.id(source);
        edge.target = view.id(target);
        edge.source_name = view.name(source);
        edge.target_name = view.name(target);
        edge.against = one.against;
        const EdgeNo origin = one.edge == none ? none : view.origin(one.edge);
        edge.derived = origin == none || view.s.derived(origin);
        if (one.edge == none) {
            const NodeNo like = view.like(before);
            const std::size_t table = view.s.node_table[like];
            if (table < view.s.tables.size()) {
                edge.table = view.s.tables[table].origin().table;
                edge.row = view.s.node_row[like];
            }
        } else {
            edge.table = table_of(view, one.edge);
            edge.row = row_of(view, one.edge);
            edge.basis = basis_of(view, one.edge);
            if (edge.basis.empty()) edge.basis = view.s.kinds->edges()[view.kind(one.edge)].basis;
        }
        answer.path.push_back(std::move(edge));
    }
    answer.basis = answer_basis(view, data, row);
    answer.confidence = to_string(step.sureness);
    if (step.edge != none) {
        answer.sectors = sector_names(view.s, view.sectors(step.edge), Lang::zh, true);
        answer.links = link_names(view.s, view.links(step.edge));
        answer.lead = view.lead(step.edge);
        answer.enforce = view.enforce(step.edge);
    }
    return answer;
}

}  // namespace

Missing make_missing(const View& view, const Who::Data& data, const Who::Data::Gap& gap, Lang lang,
                     bool factored) {
    const Capacities::Capacity& capacity = data.capacities->all[gap.capacity];
    const Capacities::Pattern& pattern = capacity.patterns[gap.pattern];
    Missing missing;
    missing.capacity = capacity.id;
    missing.rule = capacity.mandatory.rule;
    if (gap.sector != none) missing.sector = view.s.sectors.all[gap.sector].id;
    if (gap.link != none) missing.link = view.s.links[gap.link];
    missing.pattern = pattern.text;
    if (gap.why == Broken::vacant)
        missing.step = "^HOLDS";
    else if (gap.why != Broken::no_start && gap.why != Broken::no_place &&
             gap.why != Broken::place_dissolved)
        missing.step = pattern.steps[gap.step].text;
    if (gap.at != none && !(factored && gap.at == data.node)) missing.broken_at = view.id(gap.at);
    missing.code = to_string(gap.why);
    missing.reason = reason_of(view, data, gap, lang, factored);
    return missing;
}

std::string_view Who::node() const {
    return graph_.id(data_->node);
}
Date Who::on() const {
    return Date(data_->on);
}
std::size_t Who::size() const {
    return data_->rows.size();
}
std::size_t Who::missing_size() const {
    return data_->gaps.size();
}
bool Who::truncated() const {
    return data_->truncated;
}

Answer Who::at(std::size_t index, Lang) const {
    const View view(graph_.store(), on());
    return make_answer(view, *data_, data_->rows.at(index));
}

Missing Who::missing(std::size_t index, Lang lang) const {
    const View view(graph_.store(), on());
    return make_missing(view, *data_, data_->gaps.at(index), lang);
}

std::vector<std::string> Who::nodes(std::string_view capacity) const {
    std::vector<std::string> ids;
    std::unordered_set<NodeNo> seen;
    for (const Data::Row& row : data_->rows) {
        const NodeNo node = data_->steps[row.step].node;
        if (data_->capacities->all[row.capacity].id == capacity && seen.insert(node).second)
            ids.emplace_back(graph_.id(node));
    }
    return ids;
}

std::string Who::summary(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const View view(graph_.store(), on());
    std::string text = zh ? "三管：" : "Three duties: ";
    bool first = true;
    for (const Capacities::Summary& line : data_->capacities->summary) {
        if (!first) text += zh ? "；" : "; ";
        first = false;
        text += (zh ? line.zh + "＝" : line.en + " = ");
        std::vector<std::string> names;
        std::unordered_set<NodeNo> seen;
        for (const std::size_t capacity : line.capacities)
            for (const Data::Row& row : data_->rows)
                if (row.capacity == capacity && seen.insert(data_->steps[row.step].node).second)
                    names.push_back(label(view, data_->steps[row.step].node));
        text += names.empty() ? (zh ? "无" : "nobody") : join(names, zh ? "、" : ", ");
    }
    return text + (zh ? "。" : ".");
}

namespace {

// Who was asked about, and the summary in one sentence.
std::string head_text(const Who& who, const View& view, NodeNo node, Lang lang) {
    const bool zh = lang == Lang::zh;
    return label(view, node) + (zh ? "（" : " (") + std::string(who.node()) +
           (zh ? "），" : "), ") + who.on().text() + "\n" + who.summary(lang) + "\n";
}

// A node, and of a post who holds it.
std::string holder_text(const View& view, NodeNo node, Lang lang) {
    return label(view, node) + holders_text(holder_names(view, node), vacant(view, node), lang);
}

// What nobody has, with each path that was tried, and whether a limit cut the answer.
std::string tail_text(const View& view, const Who::Data& data, bool truncated, Lang lang) {
    const bool zh = lang == Lang::zh;
    std::string text;
    if (!data.gaps.empty()) text += zh ? "\n无人承担\n" : "\nNobody\n";
    std::string last;
    for (const Who::Data::Gap& gap : data.gaps) {
        const Missing missing = make_missing(view, data, gap, lang);
        const Capacities::Capacity& rules = data.capacities->all[gap.capacity];
        std::string head = "  " + rules.id + " " + (zh ? rules.zh : rules.en) + (zh ? "（" : " (") +
                           missing.rule + (zh ? "）：" : "): ") + missing.reason;
        const std::string tried = pattern_words(view, data, rules.patterns[gap.pattern], lang);
        // Patterns that break at the same place are one gap, with each path that was tried.
        if (head == last)
            text.insert(text.size() - 1, (zh ? "；或 " : "; or ") + tried);
        else
            text += head + (zh ? "；所试路径：" : "; path tried: ") + tried + "\n";
        last = std::move(head);
    }
    if (truncated) text += zh ? "\n已按上限截断。\n" : "\nTruncated at the limit.\n";
    return text;
}

// What the last edges of a node's paths say of the links it has and of the lead, by sector where
// the node asked about has several and they differ: "城镇燃气：经营、牵头"; empty where nothing. A
// place has no sectors: there every sector of the edges is named.
std::string share_text(const View& view, const Who::Data& data,
                       std::span<const Who::Data::Row* const> rows, Lang lang) {
    const bool zh = lang == Lang::zh;
    const auto of = [&](std::uint32_t sector) {
        std::uint64_t links = 0;
        bool whole = false, lead = false;
        for (const Who::Data::Row* row : rows) {
            const EdgeNo e = data.steps[row->step].edge;
            if (e == none) continue;
            const SetNo set = view.sectors(e);
            if (sector != none && set != 0 && !view.s.sectors.covers(set, sector)) continue;
            links |= view.links(e);
            whole = whole || view.links(e) == 0;
            lead = lead || view.lead(e);
        }
        std::vector<std::string> said;
        if (!whole)
            for (const std::string& link : link_names(view.s, links))
                said.emplace_back(link_word(view.s, link, lang));
        if (lead) said.emplace_back(zh ? "牵头" : "lead");
        return join(said, zh ? "、" : ", ");
    };
    const std::string all = of(none);
    std::vector<std::uint16_t> sectors = view.s.sectors.sets[sectors_of(view, data.node)];
    const bool place = sectors.empty();
    bool alike = !place;
    if (place) {
        std::set<std::uint16_t> named;
        for (const Who::Data::Row* row : rows)
            if (const EdgeNo e = data.steps[row->step].edge; e != none) {
                const auto& set = view.s.sectors.sets[view.sectors(e)];
                named.insert(set.begin(), set.end());
            }
        sectors.assign(named.begin(), named.end());
        if (sectors.empty()) return all;
    }
    std::vector<std::pair<std::string, std::vector<std::string>>> shares;  // in order of sectors
    for (const std::uint16_t sector : sectors) {
        const std::string said = of(sector);
        alike = alike && said == all;
        auto share = std::find_if(shares.begin(), shares.end(),
                                  [&](const auto& one) { return one.first == said; });
        if (share == shares.end()) share = shares.insert(share, {said, {}});
        const Sectors::Sector& one = view.s.sectors.all[sector];
        share->second.push_back(zh || one.en.empty() ? one.zh : one.en);
    }
    if (alike) return all;
    std::vector<std::string> parts;
    for (const auto& [said, names] : shares)
        if (place || !said.empty())
            parts.push_back(join(names, zh ? "、" : ", ") +
                            (said.empty() ? "" : (zh ? "：" : ": ") + said));
    return join(parts, zh ? "；" : "; ");
}

std::string basis_text(const View& view, const Who::Data& data, const Who::Data::Row& row,
                       Lang lang) {
    const bool zh = lang == Lang::zh;
    return (zh ? "依据：" : "basis: ") + answer_basis(view, data, row) +
           (zh ? "；可信度：" : "; confidence: ") +
           std::string(word(data.steps[row.step].sureness, lang));
}

}  // namespace

std::string Who::text(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const View view(graph_.store(), on());
    std::string text = head_text(*this, view, data_->node, lang);
    std::size_t capacity = data_->capacities->all.size();
    for (const Data::Row& row : data_->rows) {
        const Capacities::Capacity& rules = data_->capacities->all[row.capacity];
        if (row.capacity != capacity) {
            capacity = row.capacity;
            text += "\n" + rules.id + " " + (zh ? rules.zh : rules.en) + "\n";
        }
        const Data::Step& step = data_->steps[row.step];
        text += "  " + holder_text(view, step.node, lang);
        if (step.edge != none) {
            std::vector<std::string> remarks = sector_names(view.s, view.sectors(step.edge), lang);
            for (const std::string& link : link_names(view.s, view.links(step.edge)))
                remarks.emplace_back(link_word(view.s, link, lang));
            if (view.lead(step.edge)) remarks.emplace_back(zh ? "牵头" : "lead");
            if (view.enforce(step.edge)) remarks.emplace_back(zh ? "执法" : "enforces");
            if (!remarks.empty())
                text += (zh ? "［" : " [") + join(remarks, zh ? "、" : ", ") + (zh ? "］" : "]");
        }
        text += "\n    " + path_text(view, *data_, row.step, lang) + "\n    " +
                basis_text(view, *data_, row, lang) + "\n";
    }
    return text + tail_text(view, *data_, truncated(), lang);
}

std::string Who::brief(Lang lang) const {
    const bool zh = lang == Lang::zh;
    const View view(graph_.store(), on());
    std::string text = head_text(*this, view, data_->node, lang);
    std::size_t left_out = 0;
    for (auto from = data_->rows.begin(); from != data_->rows.end();) {
        const auto to = std::find_if(from, data_->rows.end(), [&](const Data::Row& row) {
            return row.capacity != from->capacity;
        });
        const Capacities::Capacity& rules = data_->capacities->all[from->capacity];
        std::vector<NodeNo> nodes;  // as they come
        std::unordered_map<NodeNo, std::vector<const Data::Row*>> rows_of;
        auto shortest = from;
        for (auto row = from; row != to; ++row) {
            const NodeNo node = data_->steps[row->step].node;
            std::vector<const Data::Row*>& rows = rows_of[node];
            if (rows.empty()) nodes.push_back(node);
            rows.push_back(&*row);
            if (path_to(*data_, row->step).size() < path_to(*data_, shortest->step).size())
                shortest = row;
        }
        std::vector<std::string> names;
        for (const NodeNo node : nodes) {
            const std::string share = share_text(view, *data_, rows_of[node], lang);
            names.push_back(holder_text(view, node, lang) + (share.empty() ? ""
                                                             : zh          ? "［" + share + "］"
                                                                           : " [" + share + "]"));
        }
        left_out += static_cast<std::size_t>(to - from) - 1;
        text += "\n" + rules.id + " " + (zh ? rules.zh : rules.en) + (zh ? "：" : ": ") +
                join(names, zh ? "、" : ", ") + "\n    " + (zh ? "最短路径：" : "shortest path: ") +
                path_text(view, *data_, shortest->step, lang) + "\n    " +
                basis_text(view, *data_, *shortest, lang) + "\n";
        from = to;
    }
    text += tail_text(view, *data_, truncated(), lang);
    if (left_out > 0)
        text += zh ? "\n每种责任只列出最短的一条路径，另有 " + std::to_string(left_out) +
                         " 条路径未在此显示。\n"
                   : "\nOf each capacity the shortest path is shown; " + std::to_string(left_out) +
                         " more are not.\n";
    return text;
}

std::string Who::to_json(Lang lang) const {
    const View view(graph_.store(), on());
    std::string json = "{\"node\":" + json_text(node()) +
                       ",\"name\":" + json_text(view.name(data_->node)) +
                       ",\"on\":" + json_text(on().text()) + ",\"answers\":[";
    for (std::size_t i = 0; i < size(); ++i) {
        const Answer a = make_answer(view, *data_, data_->rows[i]);
        json += std::string(i == 0 ? "" : ",") + "{\"capacity\":" + json_text(a.capacity) +
                ",\"node\":" + json_text(a.node) + ",\"name\":" + json_text(a.name) +
                ",\"holders\":" + json_list(a.holders) +
                ",\"vacant\":" + (a.vacant ? "true" : "false") + ",\"path\":[";
        for (std::size_t k = 0; k < a.path.size(); ++k) {
            const PathEdge& e = a.path[k];
            json += std::string(k == 0 ? "" : ",") + "{\"kind\":" + json_text(e.kind) +
                    ",\"source\":" + json_text(e.source) + ",\"target\":" + json_text(e.target) +
                    ",\"against\":" + (e.against ? "true" : "false") +
                    ",\"derived\":" + (e.derived ? "true" : "false") +
                    ",\"basis\":" + json_text(e.basis) +
                    ",\"table\":" + (e.table.empty() ? "null" : json_text(e.table)) +
                    ",\"row\":" + (e.row < 0 ? "null" : std::to_string(e.row)) + "}";
        }
        json += "],\"basis\":" + json_text(a.basis) + ",\"confidence\":" + json_text(a.confidence) +
                ",\"sectors\":" + json_list(a.sectors) + ",\"links\":" + json_list(a.links) +
                ",\"lead\":" + (a.lead ? "true" : "false") +
                ",\"enforce\":" + (a.enforce ? "true" : "false") + "}";
    }
    json += "],\"missing\":[";
    for (std::size_t i = 0; i < missing_size(); ++i) {
        const Missing m = make_missing(view, *data_, data_->gaps[i], lang);
        json += std::string(i == 0 ? "" : ",") + "{\"capacity\":" + json_text(m.capacity) +
                ",\"rule\":" + json_text(m.rule) + ",\"sector\":" + json_text(m.sector) +
                ",\"link\":" + json_text(m.link) + ",\"pattern\":" + json_text(m.pattern) +
                ",\"step\":" + json_text(m.step) + ",\"broken_at\":" + json_text(m.broken_at) +
                ",\"code\":" + json_text(m.code) + ",\"reason\":" + json_text(m.reason) + "}";
    }
    return json + "],\"truncated\":" + (truncated() ? "true" : "false") +
           ",\"summary\":" + json_text(summary(lang)) + "}";
}

namespace {

// Columns of answers, filled node by node.
class AnswerColumns {
public:
    explicit AnswerColumns(bool subjects) : with_subject_(subjects) {}

    void add(const View& view, const Data& data, Lang lang) {
        for (const Data::Row& row : data.rows) {
            const Data::Step& step = data.steps[row.step];
            if (with_subject_) subject_.append(view.id(data.node));
            capacity_.append(data.capacities->all[row.capacity].id);
            node_.append(view.id(step.node));
            name_.append(view.name(step.node));
            holders_.append(vacant(view, step.node)
                                ? std::string(lang == Lang::zh ? "空缺" : "vacant")
                                : join(holder_names(view, step.node), ";"));
            path_.append(path_text(view, data, row.step, lang));
            basis_.append(answer_basis(view, data, row));
            confidence_.append(to_string(step.sureness));
            if (step.edge == none) {
                sectors_.append({});
                links_.append({});
            } else {
                sectors_.append(
                    join(sector_names(view.s, view.sectors(step.edge), lang, true), ";"));
                links_.append(join(link_names(view.s, view.links(step.edge)), ";"));
            }
            lead_.push_back(step.edge != none && view.lead(step.edge));
            enforce_.push_back(step.edge != none && view.enforce(step.edge));
        }
    }

    Table finish() {
        Table table(Origin{"answers", {}, -1, {}, -1});
        if (with_subject_) table.add("subject", subject_.finish());
        table.add("capacity", capacity_.finish());
        table.add("node", node_.finish());
        table.add("name", name_.finish());
        table.add("holders", holders_.finish());
        table.add("path", path_.finish());
        table.add("basis", basis_.finish());
        table.add("confidence", confidence_.finish());
        table.add("sectors", sectors_.finish());
        table.add("links", links_.finish());
        table.add("lead", Column::of_booleans(std::move(lead_)));
        table.add("enforce", Column::of_booleans(std::move(enforce_)));
        return table;
    }

private:
    bool with_subject_;
    TextBuilder subject_, capacity_, node_, name_, holders_, path_, basis_, confidence_, sectors_,
        links_;
    std::vector<std::uint8_t> lead_, enforce_;
};

}  // namespace

Table Who::table(Lang lang) const {
    const View view(graph_.store(), on());
    AnswerColumns columns(false);
    columns.add(view, *data_, lang);
    return columns.finish();
}

Table Who::missing_table(Lang lang) const {
    const View view(graph_.store(), on());
    constexpr std::array<const char*, 9> names{
        "capacity", "rule", "sector", "link", "pattern", "step", "broken_at", "code", "reason"};
    std::array<TextBuilder, 9> columns;
    for (const Data::Gap& gap : data_->gaps) {
        const Missing m = make_missing(view, *data_, gap, lang);
        std::size_t i = 0;
        for (const std::string* cell : {&m.capacity, &m.rule, &m.sector, &m.link, &m.pattern,
                                        &m.step, &m.broken_at, &m.code, &m.reason})
            columns.at(i++).append(*cell);
    }
    Table table(Origin{"missing", {}, -1, {}, -1});
    for (std::size_t i = 0; i < names.size(); ++i)
        table.add(names.at(i), columns.at(i).finish());
    return table;
}

Who who(const ResponsibilityGraph& graph, std::string_view node, const WhoOptions& options) {
    const View view(graph.store(), graph.day(options.on));
    const NodeNo x = graph.at(node);
    const Asked asked(graph.store(), options);
    Finder finder(view, asked.capacities);
    return Who(graph, std::make_shared<const Data>(finder.ask(asked.of(view, x))));
}

void who_rows(const ResponsibilityGraph& graph, std::span<const NodeNo> nodes,
              const WhoOptions& options, const Work& work, Lang lang,
              const std::function<void(Table)>& sink) {
    // Nodes of one task; a few tasks at a time are held in memory.
    constexpr std::size_t per_task = 512, tasks_at_once = 8;
    const View view(graph.store(), graph.day(options.on));
    const Asked asked(graph.store(), options);
    std::vector<Table> tables;
    for (std::size_t begin = 0; begin < nodes.size(); begin += per_task * tasks_at_once) {
        const std::size_t left = nodes.size() - begin;
        tables.assign(std::min(tasks_at_once, (left + per_task - 1) / per_task), Table());
        for_tasks(tables.size(), work, [&](std::size_t task) {
            Finder finder(view, asked.capacities);
            AnswerColumns columns(true);
            const std::size_t from = begin + task * per_task;
            for (std::size_t i = from; i < std::min(from + per_task, nodes.size()); ++i)
                columns.add(view, finder.ask(asked.of(view, nodes[i])), lang);
            tables[task] = columns.finish();
        });
        for (Table& table : tables)
            sink(std::move(table));
    }
}

}  // namespace safetyrisk::graph
