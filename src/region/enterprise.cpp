#include <safetyrisk/region/enterprise.hpp>

#include <safetyrisk/core/credit_code.hpp>
#include <safetyrisk/core/industry.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace safetyrisk::region {
namespace {

// The reason in Chinese and in English.
std::pair<std::string_view, std::string_view> reason(CreditCodeStatus status) {
    switch (status) {
        case CreditCodeStatus::ok:
            return {};
        case CreditCodeStatus::length:
            return {"不是 18 位", "it has not 18 characters"};
        case CreditCodeStatus::alphabet:
            return {"含有不允许的字符", "it has a character that codes do not use"};
        case CreditCodeStatus::organisation_check:
            return {"第 17 位（组织机构代码校验位）不符", "its 17th character does not fit"};
        case CreditCodeStatus::check:
            return {"第 18 位（校验位）不符", "its 18th character does not fit"};
    }
    return {};
}

}  // namespace

void check_enterprises(const Table& enterprises, IssueTable& issues) {
    const Column* credit = enterprises.find("credit_code");
    const Column* industry = enterprises.find("industry");
    for (std::size_t row = 0; row < enterprises.rows(); ++row) {
        const auto place = static_cast<std::int64_t>(row);
        if (credit != nullptr && !credit->is_missing(row)) {
            const std::string code = credit->print(row);
            const auto [zh, en] = reason(check_credit_code(clean_credit_code(code)));
            if (!zh.empty())
                issues.add("region.bad_credit_code", enterprises.origin(), place, "credit_code",
                           code, {zh, en});
        }
        if (industry != nullptr && !industry->is_missing(row)) {
            const std::string code = industry->print(row);
            if (!IndustryCode::parse(code))
                issues.add("region.bad_industry", enterprises.origin(), place, "industry", code);
        }
    }
}

}  // namespace safetyrisk::region
