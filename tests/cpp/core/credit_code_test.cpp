// Tests of core/credit_code.hpp. The codes are those of listed companies and of python-stdnum's
// test suite; both check characters are computed here a second time.
#include <safetyrisk/core/credit_code.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <array>
#include <string>
#include <string_view>

using safetyrisk::check_credit_code;
using safetyrisk::clean_credit_code;
using safetyrisk::credit_check_character;
using safetyrisk::InputError;
using safetyrisk::organisation_check_character;
using Status = safetyrisk::CreditCodeStatus;

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr std::array<std::string_view, 26> valid = {
    "914403001922038216", "9144030071526726XG", "91110000710926094P", "91110000710925462X",
    "91110000802100433B", "91440300192181490G", "91440300192317458F", "91370000163044841F",
    "91100000100003962T", "911100007109250324", "91110000100001043E", "91330100799655058B",
    "91310000132260250X", "91440400192548256N", "91440606722473344C", "9132070070404786XB",
    "91310000631696382C", "91350000157987632G", "91330000733796106P", "91350900587527783P",
    "121200004013590816", "9115220107837941X1", "91620105L015101280", "92340603MA2PBMCG0U",
    "91110000600037341L", "91110000710926094P",
};

// GB 32100: the weighted sum of all 18 values, the check's weight being 1, is a multiple of 31.
bool sum_fits(std::string_view code) {
    std::size_t sum = 0;
    std::size_t weight = 1;
    for (std::size_t i = 0; i < 17; ++i, weight = weight * 3 % 31)
        sum += alphabet.find(code[i]) * weight;
    return (sum + alphabet.find(code[17])) % 31 == 0;
}

}  // namespace

TEST_CASE("codes of real companies pass both checks") {
    for (const std::string_view code : valid) {
        INFO(code);
        CHECK(check_credit_code(code) == Status::ok);
        CHECK(credit_check_character(code.substr(0, 17)) == code[17]);
        CHECK(organisation_check_character(code.substr(8, 8)) == code[16]);
        CHECK(sum_fits(code));
    }
}

TEST_CASE("every substitution of one character is caught") {
    std::size_t missed = 0;
    std::size_t tried = 0;
    for (const std::string_view code : valid)
        for (std::size_t i = 0; i < code.size(); ++i)
            for (const char c : alphabet) {
                if (c == code[i]) continue;
                std::string other(code);
                other[i] = c;
                ++tried;
                if (check_credit_code(other) == Status::ok) ++missed;
            }
    CHECK(tried == valid.size() * 18 * 30);
    CHECK(missed == 0);
}

TEST_CASE("every swap of two neighbours that differ is caught") {
    std::size_t missed = 0;
    for (const std::string_view code : valid)
        for (std::size_t i = 0; i + 1 < code.size(); ++i) {
            if (code[i] == code[i + 1]) continue;
            std::string other(code);
            std::swap(other[i], other[i + 1]);
            if (check_credit_code(other) == Status::ok) ++missed;
        }
    CHECK(missed == 0);
}

TEST_CASE("the reason is the first thing that is wrong") {
    CHECK(check_credit_code("91110000600037341N") == Status::check);
    CHECK(check_credit_code("9111000060003IOZSV") == Status::alphabet);
    CHECK(check_credit_code("12345") == Status::length);
    CHECK(check_credit_code("") == Status::length);
    CHECK(check_credit_code("91110000600037341L0") == Status::length);
    CHECK(check_credit_code("91110000600037342L") == Status::organisation_check);
    CHECK(check_credit_code("91110000600037341l") == Status::alphabet);
    CHECK(check_credit_code("9111000060003734 L") == Status::alphabet);
    CHECK(check_credit_code(std::string("9111000060003734\0L", 18)) == Status::alphabet);
}

TEST_CASE("letters that look like digits are never read as digits") {
    for (const char letter : {'I', 'O', 'S', 'V', 'Z'})
        for (std::size_t i = 0; i < 18; ++i) {
            std::string code(valid[0]);
            code[i] = letter;
            CHECK(check_credit_code(clean_credit_code(code)) == Status::alphabet);
        }
}

TEST_CASE("first characters N and A are taken though other software wants digits there") {
    for (const std::string_view head : {"N2", "A1", "Y1", "51", "11"}) {
        std::string code(head);
        code += "110000";
        code += "60003734";
        code += organisation_check_character("60003734");
        code += credit_check_character(code);
        INFO(code);
        CHECK(check_credit_code(code) == Status::ok);
        CHECK(sum_fits(code));
    }
}

TEST_CASE("an organisation code's check may be X, and 11 is written 0") {
    // GB 11714-1997, its own example: D2143569-X.
    CHECK(organisation_check_character("D2143569") == 'X');
    std::array<std::size_t, 128> seen{};
    for (int n = 0; n < 2000; ++n) {
        std::string eight = std::to_string(10'000'000 + n * 37);
        static constexpr std::array<int, 8> weights = {3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        for (std::size_t i = 0; i < 8; ++i)
            sum += (eight[i] - '0') * weights[i];
        const int want = (11 - sum % 11) % 11;
        const char c = organisation_check_character(eight);
        CHECK(c == (want == 10 ? 'X' : static_cast<char>('0' + want)));
        ++seen.at(static_cast<std::size_t>(c));
    }
    CHECK(seen['X'] > 0);
    CHECK(seen['0'] > 0);
}

TEST_CASE("cleaning makes half-width capitals without blanks and nothing else") {
    CHECK(clean_credit_code("９１１１００００６０００３７３４１Ｌ") == "91110000600037341L");
    CHECK(clean_credit_code(" 91110000-600037341l\t") == "91110000-600037341L");
    CHECK(clean_credit_code("9111 0000\u30006000 37341l\n") == "91110000600037341L");
    CHECK(clean_credit_code("9l1IO") == "9L1IO");
    CHECK(clean_credit_code("") == "");
}

TEST_CASE("check characters of something that is no code are refused") {
    CHECK_THROWS_AS(credit_check_character("1234"), InputError);
    CHECK_THROWS_AS(credit_check_character("9111000060003734I"), InputError);
    CHECK_THROWS_AS(organisation_check_character("1234567"), InputError);
    CHECK_THROWS_AS(organisation_check_character("1234567-"), InputError);
}
