#include <safetyrisk/core/credit_code.hpp>

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/text.hpp>

#include <array>

namespace safetyrisk {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
// GB 32100-2015, table of weights: powers of 3 modulo 31.
constexpr std::array<int, 17> weights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                         29, 25, 13, 8,  24, 10, 30, 28};
// GB 11714-1997, table of weights.
constexpr std::array<int, 8> organisation_weights = {3, 7, 9, 10, 5, 8, 4, 2};

}  // namespace

std::string clean_credit_code(std::string_view text) {
    std::string out;
    for (const char c : to_half_width(text)) {
        if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
        out.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
    return out;
}

char credit_check_character(std::string_view first17) {
    if (first17.size() != 17) throw InputError("a credit code has 17 characters before its check");
    int sum = 0;
    for (std::size_t i = 0; i < 17; ++i) {
        const std::size_t value = alphabet.find(first17[i]);
        if (value == std::string_view::npos)
            throw InputError("'" + std::string(1, first17[i]) +
                             "' is not in the alphabet of credit codes");
        sum += static_cast<int>(value) * weights[i];
    }
    return alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

char organisation_check_character(std::string_view first8) {
    if (first8.size() != 8)
        throw InputError("an organisation code has 8 characters before its check");
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        const char c = first8[i];
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c < 'A' || c > 'Z'))
            throw InputError("'" + std::string(1, c) +
                             "' is not in the alphabet of organisation codes");
        sum += (digit ? c - '0' : c - 'A' + 10) * organisation_weights[i];
    }
    const int check = 11 - sum % 11;
    if (check == 10) return 'X';
    return check == 11 ? '0' : static_cast<char>('0' + check);
}

CreditCodeStatus check_credit_code(std::string_view code) {
    if (code.size() != 18) return CreditCodeStatus::length;
    if (code.find_first_not_of(alphabet) != std::string_view::npos)
        return CreditCodeStatus::alphabet;
    if (organisation_check_character(code.substr(8, 8)) != code[16])
        return CreditCodeStatus::organisation_check;
    if (credit_check_character(code.substr(0, 17)) != code[17]) return CreditCodeStatus::check;
    return CreditCodeStatus::ok;
}

}  // namespace safetyrisk
