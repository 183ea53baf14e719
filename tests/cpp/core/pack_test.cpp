// Tests of core/pack.hpp: the envelope, the registry, and SHA-256 against FIPS 180-4.
#include <safetyrisk/core/pack.hpp>

#include <safetyrisk/core/error.hpp>

#include "core/sha256.hpp"
#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <string>

using namespace safetyrisk;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

json envelope(const std::string& id = "test.one") {
    return json::parse(R"({"kind": "method", "version": "1", "title": {"zh": "题", "en": "title"},
        "source": [{"document": "GB 1", "clause": "2", "edition": "2018"}], "region": null,
        "valid_from": null, "valid_to": null, "confidence": "V1", "default": false, "content": {},
        "tests": []})")
        .patch(json::array({{{"op", "add"}, {"path", "/pack"}, {"value", id}}}));
}

json changed(const std::string& pointer, const json& value, const std::string& id = "test.one") {
    json out = envelope(id);
    out[json::json_pointer(pointer)] = value;
    return out;
}

Pack parse(const json& document) {
    return Pack::parse(document.dump(), "my.json");
}

Pack edition(const std::string& id, const std::string& from, const std::string& to,
             bool is_default = true) {
    json out = envelope(id);
    if (!from.empty()) out["valid_from"] = from;
    if (!to.empty()) out["valid_to"] = to;
    out["default"] = is_default;
    return parse(out);
}

}  // namespace

TEST_CASE("SHA-256 gives the digests of FIPS 180-4") {
    using detail::sha256;
    CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqk"
                 "lmnopqrlmn"
                 "opqrsmnopqrstnopqrstu") ==
          "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    CHECK(sha256(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a pack has what its envelope says") {
    json document = envelope();
    document["valid_from"] = "2018-03-01";
    document["valid_to"] = "2024-02-29";
    document["region"] = "37";
    document["default"] = true;
    const Pack pack = parse(document);
    CHECK(pack.id == "test.one");
    CHECK(pack.family() == "test");
    CHECK(pack.kind == "method");
    CHECK(pack.title(Lang::zh) == "题");
    CHECK(pack.title(Lang::en) == "title");
    REQUIRE(pack.sources.size() == 1);
    CHECK(pack.sources[0] == Source{"GB 1", "2", "2018"});
    CHECK(pack.region == "37");
    CHECK(pack.confidence == Confidence::confirmed_once);
    CHECK(pack.is_default);
    CHECK_FALSE(pack.valid_on(Date::of(2018, 2, 28)));
    CHECK(pack.valid_on(Date::of(2018, 3, 1)));
    CHECK(pack.valid_on(Date::of(2024, 2, 29)));
    CHECK_FALSE(pack.valid_on(Date::of(2024, 3, 1)));
    CHECK(parse(envelope()).valid_on(Date::of(1, 1, 1)));
}

TEST_CASE("the hash is that of sorted keys without spaces, whatever the file looks like") {
    const json document = envelope();
    const Pack pack = parse(document);
    CHECK(pack.canonical == document.dump());
    CHECK(pack.sha256 == detail::sha256(document.dump()));
    CHECK(Pack::parse(document.dump(4), "x").sha256 == pack.sha256);
    CHECK(Pack::parse(document.dump(4, '\t', true), "x").sha256 == pack.sha256);
    CHECK(parse(changed("/version", "2")).sha256 != pack.sha256);
}

TEST_CASE("a wrong envelope is refused with the file and the JSON path") {
    const struct {
        std::string pointer;
        json value;
        std::string path;
    } cases[] = {
        {"/pack", "Test.one", "my.json.pack"},
        {"/pack", "test", "my.json.pack"},
        {"/pack", "test.", "my.json.pack"},
        {"/pack", ".one", "my.json.pack"},
        {"/pack", "test.one.two", "my.json.pack"},
        {"/pack", "test.题", "my.json.pack"},
        {"/pack", 7, "my.json.pack"},
        {"/kind", "", "my.json.kind"},
        {"/version", 1, "my.json.version"},
        {"/title", "题", "my.json.title"},
        {"/title/de", "Titel", "my.json.title"},
        {"/title/zh", "", "my.json.title.zh"},
        {"/source", json::array(), "my.json.source"},
        {"/source", "GB 1", "my.json.source"},
        {"/source/0/document", nullptr, "my.json.source[0].document"},
        {"/source/0/page", 3, "my.json.source[0]"},
        {"/source/1", json::object(), "my.json.source[1]"},
        {"/valid_from", "2018-02-29", "my.json.valid_from"},
        {"/valid_from", 2018, "my.json.valid_from"},
        {"/valid_to", "soon", "my.json.valid_to"},
        {"/confidence", "V3", "my.json.confidence"},
        {"/confidence", "", "my.json.confidence"},
        {"/default", "yes", "my.json.default"},
        {"/content", json::array(), "my.json.content"},
        {"/tests", json::object(), "my.json.tests"},
        {"/region", 37, "my.json.region"},
        {"/author", "me", "author"},
    };
    for (const auto& [pointer, value, path] : cases) {
        INFO(pointer << " = " << value.dump());
        CHECK_THROWS_AS(parse(changed(pointer, value)), InputError);
        CHECK_THROWS_WITH(parse(changed(pointer, value)),
                          ContainsSubstring("my.json") && ContainsSubstring(path));
    }
    for (const std::string key :
         {"pack", "kind", "version", "title", "source", "confidence", "content"}) {
        json document = envelope();
        document.erase(key);
        INFO(key);
        CHECK_THROWS_WITH(parse(document),
                          ContainsSubstring("my.json") && ContainsSubstring("'" + key + "'"));
    }
}

TEST_CASE("validity that ends before it begins and an unconfirmed default are refused") {
    json document = changed("/valid_from", "2024-01-02");
    document["valid_to"] = "2024-01-01";
    CHECK_THROWS_WITH(parse(document), ContainsSubstring("my.json.valid_to"));
    document = changed("/confidence", "M");
    CHECK_NOTHROW(parse(document));
    document["default"] = true;
    CHECK_THROWS_WITH(parse(document), ContainsSubstring("my.json.default"));
}

TEST_CASE("what is no JSON, or JSON with a key twice, is refused with the file") {
    const std::string good = envelope().dump();
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), std::string("null"),
          std::string("\"x\""), good + "x", good + good, "\xFF" + good,
          good.substr(0, good.size() / 2), std::string(100'000, '[')}) {
        INFO(text.substr(0, 20));
        CHECK_THROWS_AS(Pack::parse(text, "my.json"), InputError);
        CHECK_THROWS_WITH(Pack::parse(text, "my.json"), ContainsSubstring("my.json"));
    }
    std::string twice = good;
    twice.insert(1, "\"kind\": \"aliases\", ");
    CHECK_THROWS_WITH(Pack::parse(twice, "my.json"),
                      ContainsSubstring("kind") && ContainsSubstring("twice"));
    std::string inner = good;
    inner.replace(inner.find("\"content\":{"), 11, "\"content\":{\"a\":1,\"a\":1,");
    inner.replace(inner.find(",}"), 2, "}");
    CHECK_THROWS_WITH(Pack::parse(inner, "my.json"), ContainsSubstring("\"a\""));
}

TEST_CASE("a document nested a million deep is refused and does not exhaust the stack") {
    const std::size_t depth = 1'000'000;
    std::string text = envelope().dump();
    const std::string nested =
        "\"content\":{\"x\":" + std::string(depth, '[') + std::string(depth, ']');
    text.replace(text.find("\"content\":{"), 11, nested);
    CHECK_THROWS_AS(Pack::parse(text, "deep.json"), InputError);
}

TEST_CASE("a family means its default, a full id itself, and the unconfirmed only by full id") {
    PackRegistry registry;
    registry.add(edition("test.b", "", ""));
    registry.add(edition("test.a", "", "", false));
    json unconfirmed = changed("/confidence", "M", "weak.only");
    registry.add(parse(unconfirmed));
    CHECK(registry.find("test")->id == "test.b");
    CHECK(registry.find("test.a")->id == "test.a");
    CHECK(registry.find("weak.only")->id == "weak.only");
    CHECK_THROWS_AS(registry.find("weak"), InputError);
    CHECK_THROWS_AS(registry.find("nothing"), NotFoundError);
    CHECK_THROWS_AS(registry.find(""), NotFoundError);
    CHECK_THROWS_WITH(registry.find("test.aa"), ContainsSubstring("test.a"));
    CHECK(registry.all().front()->id == "test.a");
    CHECK(registry.all().size() == 3);
}

TEST_CASE("editions are chosen by the day asked for and never otherwise") {
    PackRegistry registry;
    registry.add(edition("gb.2009", "2009-12-01", "2019-02-28"));
    registry.add(edition("gb.2018", "2019-03-01", ""));
    CHECK(registry.find("gb")->id == "gb.2018");  // the one without an end
    CHECK(registry.find("gb", Date::of(2010, 1, 1))->id == "gb.2009");
    CHECK(registry.find("gb", Date::of(2019, 2, 28))->id == "gb.2009");
    CHECK(registry.find("gb", Date::of(2019, 3, 1))->id == "gb.2018");
    CHECK_THROWS_AS(registry.find("gb", Date::of(2009, 11, 30)), InputError);
    CHECK_THROWS_AS(registry.find("gb.2018", Date::of(2010, 1, 1)), InputError);
    CHECK(registry.find("gb.2018", Date::of(2020, 1, 1))->id == "gb.2018");
}

TEST_CASE("two defaults at one time and other content under a taken id are refused") {
    PackRegistry registry;
    registry.add(edition("gb.2009", "2009-12-01", "2019-03-01"));
    CHECK_THROWS_AS(registry.add(edition("gb.2018", "2019-03-01", "")), InputError);
    CHECK_THROWS_AS(registry.add(edition("gb.other", "", "")), InputError);
    CHECK_NOTHROW(registry.add(edition("gb.2018", "2019-03-02", "")));
    CHECK_NOTHROW(registry.add(edition("gb.2018", "2019-03-02", "")));  // the same again
    CHECK_THROWS_AS(registry.add(edition("gb.2018", "2019-03-03", "")), InputError);
    CHECK(registry.all().size() == 2);
}

TEST_CASE("every pack of the library names its sources and stands in id order") {
    const auto& all = PackRegistry::builtin().all();
    REQUIRE(all.size() > 10);
    std::string last;
    for (const auto& pack : all) {
        INFO(pack->id);
        CHECK(last < pack->id);
        last = pack->id;
        CHECK_FALSE(pack->sources.empty());
        CHECK_FALSE(pack->title_en.empty());
        CHECK(pack->sha256 == detail::sha256(pack->canonical));
        CHECK(json::parse(pack->canonical).dump() == pack->canonical);
        if (pack->is_default) CHECK(pack->confidence != Confidence::unconfirmed);
    }
    CHECK(PackRegistry::builtin().find("lec")->id == "lec.t1");
    CHECK(PackRegistry::builtin().find("ls")->id == "ls.db37");
    CHECK(PackRegistry::builtin().find("lec.water")->confidence == Confidence::unconfirmed);
}
