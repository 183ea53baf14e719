// Reading the pack `capacities`.
#include "finder.hpp"

#include <safetyrisk/core/error.hpp>

#include "../core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::graph {
namespace {

using detail::JsonView;
using Step = Capacities::Step;

constexpr std::array<std::string_view, 6> level_names{"country", "province", "city",
                                                      "county",  "town",     "village"};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view take_word(std::string_view& rest) {
    std::size_t n = 0;
    while (n < rest.size() && is_word(rest[n]))
        ++n;
    const std::string_view word = rest.substr(0, n);
    rest.remove_prefix(n);
    return word;
}

// kind,kind@level,post_kind
Capacities::Filter take_filter(std::string_view& rest, const Kinds& kinds, const JsonView& at) {
    Capacities::Filter filter;
    while (!rest.empty() && is_word(rest.front())) {
        filter.any = false;
        const std::string_view word = take_word(rest);
        const KindNo node = kinds.node(word);
        const KindNo post = kinds.post(word);
        if (node != no_kind) filter.nodes.set(node);
        if (post != no_kind) filter.posts.set(post);
        // A kind that a pack of kinds of one's own does not have matches nothing.
        if (!rest.empty() && rest.front() == '@') {
            rest.remove_prefix(1);
            const std::string_view level = take_word(rest);
            const auto* found = std::find(level_names.begin(), level_names.end(), level);
            if (found == level_names.end()) at.fail("'" + std::string(level) + "' is no level");
            filter.level = static_cast<std::uint8_t>(found - level_names.begin());
        }
        if (rest.empty() || rest.front() != ',') break;
        rest.remove_prefix(1);
    }
    return filter;
}

Step read_step(std::string_view text, const Kinds& kinds, const JsonView& at) {
    Step step;
    step.text = std::string(text);
    std::string_view rest = text;
    if (rest.front() == '^') {
        step.against = true;
        rest.remove_prefix(1);
    }
    const std::string_view kind = take_word(rest);
    if (kind.empty()) at.fail("'" + std::string(text) + "' names no kind of edge");
    step.edge = kinds.edge(kind);
    if (!rest.empty() && (rest.front() == '*' || rest.front() == '+' || rest.front() == '?')) {
        step.repeat = rest.front() == '*'   ? Capacities::Repeat::star
                      : rest.front() == '+' ? Capacities::Repeat::plus
                                            : Capacities::Repeat::optional;
        rest.remove_prefix(1);
    }
    for (const auto& [word, by] :
         {std::pair{std::string_view("[sector]"), Capacities::BySector::named},
          {std::string_view("[sector?]"), Capacities::BySector::named_or_open},
          {std::string_view("[scope]"), Capacities::BySector::scope}})
        if (rest.substr(0, word.size()) == word) {
            step.sector = by;
            rest.remove_prefix(word.size());
            break;
        }
    while (!rest.empty()) {
        const char sign = rest.front();
        rest.remove_prefix(1);
        if (sign == '!') {
            step.takes = true;
            step.taken = take_filter(rest, kinds, at);
        } else if (sign == ':') {
            step.onward = take_filter(rest, kinds, at);
        } else {
            at.fail("'" + std::string(text) + "' is no step of a path");
        }
    }
    return step;
}

std::vector<std::string> split(std::string_view text, char sign) {
    std::vector<std::string> words;
    while (true) {
        const std::size_t end = text.find(sign);
        if (end != 0 && !text.empty()) words.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return words;
        text.remove_prefix(end + 1);
    }
}

std::bitset<256> read_kinds(const JsonView& json, const Kinds& kinds) {
    std::bitset<256> set;
    for (const JsonView& item : json.items())
        if (const KindNo kind = kinds.node(item.text()); kind != no_kind) set.set(kind);
    return set;
}

}  // namespace

Capacities::Capacities(const Pack& pack, const Kinds& kinds) {
    if (pack.kind != "capacities")
        throw InputError("the pack " + pack.id + " is of kind '" + pack.kind +
                         "', not 'capacities'");
    const detail::Json document = detail::parse_json(pack.canonical, pack.id);
    const JsonView content = JsonView(document, pack.id).at("content");
    content.only({"subjects", "order", "summary", "capacities"});
    subjects = read_kinds(content.at("subjects"), kinds);

    const auto number = [&](std::string_view id, const JsonView& at) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i].id == id) return i;
        at.fail("'" + std::string(id) + "' is no capacity that stands before");
    };

    for (const JsonView& item : content.at("capacities").items()) {
        item.only({"id", "name", "basis", "paths", "mandatory", "without"});
        Capacity capacity;
        capacity.id = item.at("id").text();
        if (std::any_of(all.begin(), all.end(),
                        [&](const Capacity& other) { return other.id == capacity.id; }))
            item.at("id").fail("stands twice");
        item.at("name").only({"zh", "en"});
        capacity.zh = item.at("name").at("zh").text();
        capacity.en = item.at("name").at("en").text();
        capacity.basis = item.at("basis").text();
        if (item.has("without"))
            for (const JsonView& other : item.at("without").items())
                capacity.without.push_back(number(other.text(), other));
        for (const JsonView& path : item.at("paths").items()) {
            path.only({"path", "for"});
            const JsonView at = path.at("path");
            Pattern pattern;
            pattern.text = at.text();
            const std::vector<std::string> words = split(pattern.text, ' ');
            if (words.size() < 2) at.fail("needs a start and a step");
            if (words[0] == "x") {
                pattern.start = Start::self;
            } else if (words[0] == "e") {
                pattern.start = Start::enterprise;
            } else if (words[0] == "t") {
                pattern.start = Start::territory;
            } else if (words[0] == "p") {
                pattern.start = Start::places;
            } else {
                pattern.start = Start::answers;
                for (const std::string& id : split(words[0], ','))
                    pattern.from.push_back(number(id, at));
            }
            bool takes = false;
            for (std::size_t i = 1; i < words.size(); ++i) {
                pattern.steps.push_back(read_step(words[i], kinds, at));
                takes = takes || pattern.steps.back().takes;
            }
            if (!takes) at.fail("takes no answer; mark a step with !");
            pattern.subjects = path.has("for") ? read_kinds(path.at("for"), kinds) : subjects;
            capacity.patterns.push_back(std::move(pattern));
        }
        if (capacity.patterns.size() > 255) item.at("paths").fail("more than 255 paths");
        if (item.has("mandatory")) {
            const JsonView mandatory = item.at("mandatory");
            mandatory.only({"rule", "held", "by", "for"});
            capacity.mandatory.given = true;
            capacity.mandatory.rule = mandatory.at("rule").text();
            capacity.mandatory.held = mandatory.has("held") && mandatory.at("held").boolean();
            if (mandatory.has("by")) {
                if (mandatory.at("by").text() != "sector")
                    mandatory.at("by").fail("must be \"sector\"");
                capacity.mandatory.by_sector = true;
            }
            capacity.mandatory.subjects = read_kinds(mandatory.at("for"), kinds);
        }
        all.push_back(std::move(capacity));
    }
    if (all.empty() || all.size() > 32) content.at("capacities").fail("needs 1 to 32 capacities");

    for (const JsonView& item : content.at("order").items())
        order.push_back(number(item.text(), item));
    std::vector<std::size_t> sorted = order;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.size() != all.size() ||
        std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
        content.at("order").fail("must name every capacity once");
    for (const JsonView& item : content.at("summary").items()) {
        item.only({"zh", "en", "capacities"});
        Summary line{item.at("zh").text(), item.at("en").text(), {}};
        for (const JsonView& id : item.at("capacities").items())
            line.capacities.push_back(number(id.text(), id));
        summary.push_back(std::move(line));
    }

    // Parts: capacities joined by what they begin with or leave out.
    std::vector<std::uint8_t> mark(all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        mark[i] = static_cast<std::uint8_t>(i);
    const auto join = [&](std::size_t a, std::size_t b) {
        const std::uint8_t low = std::min(mark[a], mark[b]), high = std::max(mark[a], mark[b]);
        std::replace(mark.begin(), mark.end(), high, low);
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (const std::size_t other : all[i].without)
            join(i, other);
        for (const Pattern& pattern : all[i].patterns)
            for (const std::size_t other : pattern.from)
                join(i, other);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (mark[i] == i)
            all[i].part = parts++;
        else
            all[i].part = all[mark[i]].part;
    }
}

std::shared_ptr<const Capacities> Capacities::of(std::shared_ptr<const Pack> pack,
                                                 std::shared_ptr<const Kinds> kinds) {
    // Reading the pack costs more than an answer: that of the library's own is read once.
    static const auto usual_pack = PackRegistry::builtin().find("capacities");
    static const auto usual_kinds = Kinds::usual();
    static const auto usual = std::make_shared<const Capacities>(*usual_pack, *usual_kinds);
    if (pack == usual_pack && kinds == usual_kinds) return usual;
    return std::make_shared<const Capacities>(*pack, *kinds);
}

}  // namespace safetyrisk::graph
