#include <safetyrisk/scoring/classification.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include "core/json_view.hpp"

#include <algorithm>

namespace safetyrisk::scoring {
namespace {

using detail::JsonView;

Words words_of(const JsonView& view) {
    return {view.at("zh").text(), view.at("en").text()};
}

// Text as compared: half-width, without blanks, ASCII in small letters.
std::string key_of(std::string_view text) {
    std::string key;
    for (const char c : to_half_width(text)) {
        if (c == ' ' || c == '\t') continue;
        key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return key;
}

void require_kind(const Pack& pack, std::string_view kind) {
    if (pack.kind != kind)
        throw InputError(pack.id + ": is a pack of kind '" + pack.kind + "', not a " +
                         std::string(kind));
}

}  // namespace

std::shared_ptr<const Classification> Classification::compile(std::shared_ptr<const Pack> pack) {
    require_kind(*pack, "classification");
    std::shared_ptr<Classification> out(new Classification);
    out->pack_ = std::move(pack);
    const detail::Json document = detail::parse_json(out->pack_->canonical, out->pack_->id);
    const JsonView root(document, out->pack_->id);
    const JsonView content = root.at("content");
    content.only({"form", "name", "items"});
    if (content.at("form").text() != "codes")
        content.at("form").fail("unknown form; this library reads 'codes'");
    content.at("name").only({"zh", "en"});
    out->name_ = words_of(content.at("name"));
    const auto add = [&](const std::string& text, std::size_t item, const JsonView& place) {
        const auto [at, fresh] = out->index_.emplace(key_of(text), item);
        if (!fresh && at->second != item) place.fail("'" + text + "' means another item, too");
    };
    for (const JsonView& view : content.at("items").items()) {
        view.only({"code", "zh", "en", "also"});
        const std::size_t item = out->items_.size();
        ClassItem one{view.at("code").text(), words_of(view), {}};
        if (out->index_.contains(key_of(one.code)))
            view.at("code").fail("another item has this code");
        add(one.code, item, view.at("code"));
        add(one.name.zh, item, view.at("zh"));
        add(one.name.en, item, view.at("en"));
        if (view.has("also"))
            for (const JsonView& other : view.at("also").items()) {
                one.also.push_back(other.text());
                add(one.also.back(), item, other);
            }
        out->items_.push_back(std::move(one));
    }
    if (out->items_.empty()) content.at("items").fail("has no item");
    if (root.has("tests"))
        for (const JsonView& test : root.at("tests").items()) {
            test.only({"text", "code"});
            const auto found = out->index_of(test.at("text").text());
            const std::string code = found ? out->items_[*found].code : std::string();
            if (code != test.text_or_empty("code")) test.fail("the code is '" + code + "'");
        }
    return out;
}

const std::vector<std::shared_ptr<const Classification>>& Classification::all() {
    static const std::vector<std::shared_ptr<const Classification>> list = [] {
        std::vector<std::shared_ptr<const Classification>> out;
        for (const auto& pack : PackRegistry::builtin().all())
            if (pack->kind == "classification") out.push_back(compile(pack));
        return out;
    }();
    return list;
}

std::shared_ptr<const Classification> Classification::find(std::string_view name,
                                                           std::optional<Date> as_of) {
    const std::shared_ptr<const Pack> pack = PackRegistry::builtin().find(name, as_of);
    require_kind(*pack, "classification");
    for (const auto& one : all())
        if (one->id() == pack->id) return one;
    return compile(pack);
}

std::optional<std::size_t> Classification::index_of(std::string_view text) const {
    const auto at = index_.find(key_of(text));
    if (at == index_.end()) return std::nullopt;
    return at->second;
}

Table Classification::read(const Column& texts, Lang lang) const {
    TextBuilder text, code, name, status;
    for (std::size_t row = 0; row < texts.size(); ++row) {
        if (texts.is_missing(row)) {
            text.append_null();
            code.append_null();
            name.append_null();
            status.append("missing");
            continue;
        }
        const std::string cell = texts.print(row);
        text.append(cell);
        if (const auto item = index_of(cell)) {
            code.append(items_[*item].code);
            name.append(items_[*item].name.in(lang));
            status.append("known");
        } else {
            code.append_null();
            name.append_null();
            status.append("unknown");
        }
    }
    Table out;
    out.add("text", text.finish());
    out.add("code", code.finish());
    out.add("name", name.finish());
    out.add("status", status.finish());
    return out;
}

std::shared_ptr<const ClassificationMap> ClassificationMap::compile(
    std::shared_ptr<const Pack> pack, std::shared_ptr<const Classification> from,
    std::shared_ptr<const Classification> to) {
    require_kind(*pack, "classification_map");
    std::shared_ptr<ClassificationMap> out(new ClassificationMap);
    out->pack_ = std::move(pack);
    out->from_ = std::move(from);
    out->to_ = std::move(to);
    const detail::Json document = detail::parse_json(out->pack_->canonical, out->pack_->id);
    const JsonView root(document, out->pack_->id);
    const JsonView content = root.at("content");
    content.only({"form", "from", "to", "rows"});
    if (content.at("form").text() != "map")
        content.at("form").fail("unknown form; this library reads 'map'");
    for (const auto& [side, list] : {std::pair{"from", out->from_.get()}, {"to", out->to_.get()}})
        if (content.at(side).text() != list->id())
            content.at(side).fail("is not " + list->id() + ", which was given");
    const auto code = [](const JsonView& view, const Classification& list) {
        const std::string text = view.text();
        const auto item = list.index_of(text);
        if (!item || list.items()[*item].code != text)
            view.fail("'" + text + "' is no code of " + list.id());
        return *item;
    };
    out->targets_.resize(out->from_->items().size());
    for (const JsonView& row : content.at("rows").items()) {
        row.only({"from", "to"});
        std::vector<std::size_t>& list = out->targets_[code(row.at("from"), *out->from_)];
        if (!list.empty()) row.at("from").fail("has two rows");
        for (const JsonView& view : row.at("to").items())
            list.push_back(code(view, *out->to_));
        std::sort(list.begin(), list.end());
        if (list.empty() || std::adjacent_find(list.begin(), list.end()) != list.end())
            row.at("to").fail("names at least one code, each once");
    }
    for (std::size_t item = 0; item < out->targets_.size(); ++item)
        if (out->targets_[item].empty())
            content.at("rows").fail("there is none for " + out->from_->items()[item].code);
    if (root.has("tests"))
        for (const JsonView& test : root.at("tests").items()) {
            test.only({"text", "codes"});
            const auto item = out->from_->index_of(test.at("text").text());
            if (!item) test.at("text").fail("is none of " + out->from_->id());
            std::vector<std::size_t> want;
            for (const JsonView& view : test.at("codes").items())
                want.push_back(code(view, *out->to_));
            if (want != out->targets_[*item]) test.at("codes").fail("are other codes");
        }
    return out;
}

std::shared_ptr<const ClassificationMap> ClassificationMap::find(std::string_view from,
                                                                 std::string_view to) {
    static const std::vector<std::shared_ptr<const ClassificationMap>> all = [] {
        std::vector<std::shared_ptr<const ClassificationMap>> out;
        for (const auto& pack : PackRegistry::builtin().all()) {
            if (pack->kind != "classification_map") continue;
            const detail::Json document = detail::parse_json(pack->canonical, pack->id);
            const JsonView root(document, pack->id);
            const JsonView content = root.at("content");
            out.push_back(compile(pack, Classification::find(content.at("from").text()),
                                  Classification::find(content.at("to").text())));
        }
        return out;
    }();
    for (const auto& one : all)
        if (one->from().id() == from && one->to().id() == to) return one;
    throw NotFoundError("there is no map from '" + std::string(from) + "' to '" + std::string(to) +
                        "'");
}

std::vector<std::size_t> ClassificationMap::sources(std::size_t item) const {
    std::vector<std::size_t> out;
    for (std::size_t one = 0; one < targets_.size(); ++one)
        if (std::binary_search(targets_[one].begin(), targets_[one].end(), item))
            out.push_back(one);
    return out;
}

Table ClassificationMap::read(const Column& texts, Lang lang) const {
    TextBuilder text, source, target, name, candidates, status;
    for (std::size_t row = 0; row < texts.size(); ++row) {
        const bool missing = texts.is_missing(row);
        const std::string cell = texts.print(row);
        const auto item = missing ? std::nullopt : from_->index_of(cell);
        if (missing)
            text.append_null();
        else
            text.append(cell);
        if (!item) {
            for (TextBuilder* column : {&source, &target, &name, &candidates})
                column->append_null();
            status.append(missing ? "missing" : "unknown");
            continue;
        }
        source.append(from_->items()[*item].code);
        std::string all;
        for (const std::size_t one : targets_[*item])
            all += (all.empty() ? "" : ";") + to_->items()[one].code;
        candidates.append(all);
        const bool single = targets_[*item].size() == 1;
        if (single) {
            const ClassItem& one = to_->items()[targets_[*item].front()];
            target.append(one.code);
            name.append(one.name.in(lang));
        } else {
            target.append_null();
            name.append_null();
        }
        status.append(single ? "one" : "several");
    }
    Table out;
    out.add("text", text.finish());
    out.add("from", source.finish());
    out.add("to", target.finish());
    out.add("name", name.finish());
    out.add("candidates", candidates.finish());
    out.add("status", status.finish());
    return out;
}

}  // namespace safetyrisk::scoring
