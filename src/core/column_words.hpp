// What columns of the library's tables are called in Chinese, by the pack `aliases`.
//
// Threads: any. Throws: nothing.
#pragma once

#include <safetyrisk/core/grade.hpp>

#include <string>
#include <string_view>

namespace safetyrisk::core_detail {

/// "整改期限" of a column of a table; its name in English and where the pack has none.
std::string column_words(std::string_view table, std::string_view column, Lang lang);

/// "隐患表"; the name in English and where the pack has none.
std::string table_words(std::string_view table, Lang lang);

}  // namespace safetyrisk::core_detail
