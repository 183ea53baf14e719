// Tests of core/source.hpp.
#include <safetyrisk/core/source.hpp>

#include "support/catch.hpp"

using safetyrisk::Confidence;
using safetyrisk::Source;

TEST_CASE("a confidence prints the flag that packs use") {
    CHECK(to_string(Confidence::confirmed_twice) == "V2");
    CHECK(to_string(Confidence::confirmed_once) == "V1");
    CHECK(to_string(Confidence::unconfirmed) == "M");
    CHECK(to_string(Confidence::design) == "D");
}

TEST_CASE("a source prints the parts that it has and no marks for those it lacks") {
    CHECK(Source{"GB 18218", "4.2.3", "2018"}.text() == "GB 18218 4.2.3 (2018)");
    CHECK(Source{"GB 18218", "", "2018"}.text() == "GB 18218 (2018)");
    CHECK(Source{"GB 18218", "4.2.3", ""}.text() == "GB 18218 4.2.3");
    CHECK(Source{"GB 18218", "", ""}.text() == "GB 18218");
    CHECK(Source{"", "4.2.3", ""}.text() == "4.2.3");
    CHECK(Source{"", "", "2018"}.text() == "(2018)");
    CHECK(Source{}.text().empty());
}
