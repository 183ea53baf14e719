#include <safetyrisk/core/pack.hpp>

#include <safetyrisk/core/error.hpp>

#include "embedded_packs.hpp"
#include "json_view.hpp"
#include "sha256.hpp"

#include <algorithm>

namespace safetyrisk {
namespace {

using detail::JsonView;

bool is_id(std::string_view id) {
    const auto point = id.find('.');
    const auto word = [](std::string_view part) {
        return !part.empty() && part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
                                    std::string_view::npos;
    };
    return point != std::string_view::npos && word(id.substr(0, point)) &&
           word(id.substr(point + 1));
}

std::optional<Date> read_date(const JsonView& pack, std::string_view key) {
    if (!pack.has(key)) return std::nullopt;
    const JsonView value = pack.at(key);
    const auto date = Date::parse(value.text());
    if (!date) value.fail("is no date; write YYYY-MM-DD", "不是日期，应写成 YYYY-MM-DD");
    return date;
}

Confidence read_confidence(const JsonView& value) {
    const std::string flag = value.text();
    for (const Confidence c : {Confidence::confirmed_twice, Confidence::confirmed_once,
                               Confidence::unconfirmed, Confidence::design})
        if (flag == to_string(c)) return c;
    value.fail("must be V2, V1, M or D", "应为 V2、V1、M 或 D");
}

// Edit distance, to suggest near names.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t best =
                std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = std::exchange(row[j], best);
        }
    }
    return row.back();
}

}  // namespace

std::string_view Pack::family() const {
    return std::string_view(id).substr(0, id.find('.'));
}

bool Pack::valid_on(Date day) const {
    return (!valid_from || *valid_from <= day) && (!valid_to || day <= *valid_to);
}

Pack Pack::parse(std::string_view json, std::string_view where) {
    const detail::Json document = detail::parse_json(json, where);
    const JsonView view(document, std::string(where));
    view.only({"pack", "kind", "version", "title", "source", "region", "valid_from", "valid_to",
               "confidence", "default", "content", "tests"});
    Pack pack;
    pack.id = view.at("pack").text();
    if (!is_id(pack.id))
        view.at("pack").fail(
            "'" + pack.id + "' is no pack id; write family.profile in small ASCII letters",
            "“" + pack.id + "”不是包编号，应写成 family.profile，用小写英文字母");
    pack.kind = view.at("kind").text();
    pack.version = view.at("version").text();
    const JsonView title = view.at("title");
    title.only({"zh", "en"});
    pack.title_zh = title.at("zh").text();
    pack.title_en = title.at("en").text();
    for (const JsonView& item : view.at("source").items()) {
        item.only({"document", "clause", "edition"});
        pack.sources.push_back({item.at("document").text(), item.text_or_empty("clause"),
                                item.text_or_empty("edition")});
    }
    if (pack.sources.empty())
        view.at("source").fail("a pack names at least one source", "至少写明一个依据");
    pack.region = view.text_or_empty("region");
    pack.valid_from = read_date(view, "valid_from");
    pack.valid_to = read_date(view, "valid_to");
    if (pack.valid_from && pack.valid_to && *pack.valid_to < *pack.valid_from)
        view.at("valid_to").fail("lies before valid_from", "早于 valid_from");
    pack.confidence = read_confidence(view.at("confidence"));
    pack.is_default = view.has("default") && view.at("default").boolean();
    if (pack.is_default && pack.confidence == Confidence::unconfirmed)
        view.at("default").fail("an unconfirmed pack ([M]) cannot be a default",
                                "未经核实（M）的包不能作为默认");
    if (!view.at("content").is_object())
        view.at("content").fail("must be an object", "应为对象 {…}");
    if (view.has("tests")) view.at("tests").items();
    pack.canonical = document.dump();
    pack.sha256 = detail::sha256(pack.canonical);
    return pack;
}

const PackRegistry& PackRegistry::builtin() {
    static const PackRegistry registry = [] {
        PackRegistry r;
        for (const detail::EmbeddedPack& file : detail::embedded_packs())
            r.add(Pack::parse({file.data, file.size}, file.name));
        return r;
    }();
    return registry;
}

void PackRegistry::add(Pack pack) {
    const auto at =
        std::lower_bound(packs_.begin(), packs_.end(), pack.id,
                         [](const auto& one, const std::string& id) { return one->id < id; });
    if (at != packs_.end() && (*at)->id == pack.id) {
        if ((*at)->sha256 == pack.sha256) return;
        throw InputError("there is another pack with the id " + pack.id);
    }
    const auto overlap = [&](const Pack& other) {
        return (!other.valid_to || !pack.valid_from || *pack.valid_from <= *other.valid_to) &&
               (!pack.valid_to || !other.valid_from || *other.valid_from <= *pack.valid_to);
    };
    for (const auto& other : packs_)
        if (pack.is_default && other->is_default && other->family() == pack.family() &&
            overlap(*other))
            throw InputError(pack.id + " and " + other->id +
                             " are both the default of their family at one time");
    packs_.insert(at, std::make_shared<const Pack>(std::move(pack)));
}

std::shared_ptr<const Pack> PackRegistry::find(std::string_view name,
                                               std::optional<Date> as_of) const {
    const auto on = [&] { return as_of ? " on " + as_of->text() : std::string(); };
    bool family_known = false;
    std::shared_ptr<const Pack> superseded;  // a default whose time is over
    for (const auto& pack : packs_) {
        if (pack->id == name) {
            if (as_of && !pack->valid_on(*as_of))
                throw InputError("the pack " + pack->id + " is not valid" + on());
            return pack;
        }
        if (pack->family() != name) continue;
        family_known = true;
        if (!pack->is_default || (as_of && !pack->valid_on(*as_of))) continue;
        if (as_of || !pack->valid_to) return pack;
        if (superseded == nullptr) superseded = pack;
    }
    if (superseded != nullptr) return superseded;
    if (family_known)
        throw InputError("'" + std::string(name) + "' has no default profile" + on() +
                         "; name one in full");
    std::string near;
    for (const auto& pack : packs_)
        if (distance(pack->id, name) <= 2 || distance(pack->family(), name) <= 1)
            near += (near.empty() ? "" : ", ") + pack->id;
    throw NotFoundError("there is no pack '" + std::string(name) + "'" +
                        (near.empty() ? "" : "; near names are " + near));
}

}  // namespace safetyrisk
