#include "chain_cells.hpp"

#include <safetyrisk/core/text.hpp>

#include "core/id_numbers.hpp"

#include <algorithm>
#include <cmath>

namespace safetyrisk::scoring {
namespace {

CellState state_of(const InputCell& cell, CellState when_missing) {
    if (cell.fault == InputFault::none) return CellState::known;
    return cell.fault == InputFault::missing ? when_missing : CellState::bad;
}

// The bytes of a text of up to seven, with their number, as one number; 0 for a longer one.
std::uint64_t short_key(std::string_view text) {
    if (text.size() > 7) return 0;
    std::uint64_t key = text.size() + 1;
    for (const char c : text)
        key = key << 8U | static_cast<unsigned char>(c);
    return key;
}

InputCell faulty(InputFault fault) {
    InputCell out;
    out.fault = fault;
    return out;
}

}  // namespace

std::string word_key(std::string_view text) {
    std::string key;
    for (const char c : to_half_width(text)) {
        if (c == ' ' || c == '\t') continue;
        key.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return key;
}

InputReader::InputReader(const MethodInput& input, const Slot& slot) : input_(input), slot_(slot) {
    for (int d = 0; d < input.decimals; ++d)
        scale_ *= 10.0;
    if ((input.kind == InputKind::count || input.kind == InputKind::number) &&
        input.decimals == 0) {
        whole_ = true;
        const double low = std::max(input.low, -unit_limit);
        const double high = std::min(input.high, unit_limit);
        whole_low_ = input.low_closed ? std::ceil(low) : std::floor(low) + 1.0;
        whole_high_ = input.high_closed ? std::floor(high) : std::ceil(high) - 1.0;
    }
    const auto unit = as_double(slot.unit);
    if (input.kind == InputKind::steps)
        for (const Step& step : input.steps) {
            step_values_.push_back(step.value);
            step_units_.push_back(static_cast<Int128>(std::nearbyint(step.value * unit)));
            // A meaning alone names its step, unless two have it.
            const auto place = static_cast<std::int32_t>(step_values_.size() - 1);
            for (const std::string& word : {step.meaning.zh, step.meaning.en}) {
                const auto [it, fresh] = words_.emplace(word_key(word), place);
                if (!fresh && it->second != place) it->second = -1;
            }
        }
    if (input.kind == InputKind::choice) {
        const auto add = [&](const std::string& word, std::size_t c) {
            words_.emplace(word_key(word), static_cast<std::int32_t>(c));
        };
        // Ids go before names, names before other words.
        for (std::size_t c = 0; c < input.choices.size(); ++c) {
            add(input.choices[c].id, c);
            const NumberCell as_number = parse_number(input.choices[c].id);
            if (as_number.state == NumberCell::State::value)
                numbered_.emplace_back(as_number.value, static_cast<std::int32_t>(c));
        }
        for (std::size_t c = 0; c < input.choices.size(); ++c) {
            add(input.choices[c].name.zh, c);
            add(input.choices[c].name.en, c);
        }
        for (std::size_t c = 0; c < input.choices.size(); ++c)
            for (const std::string& word : input.choices[c].also)
                add(word, c);
    }
    if (input.kind == InputKind::flag)
        words_ = {{"是", 1},    {"否", 0},  {"有", 1}, {"无", 0}, {"true", 1},
                  {"false", 0}, {"yes", 1}, {"no", 0}, {"1", 1},  {"0", 0}};
}

InputCell InputReader::number(double value) const {
    if (std::isnan(value)) return faulty(InputFault::missing);
    InputCell out;
    out.real = value;
    if (input_.kind == InputKind::choice) {
        for (const auto& [number, code] : numbered_)
            if (number == value) {
                out.units = code;
                return out;
            }
        return faulty(InputFault::unknown_choice);
    }
    if (std::isinf(value)) return faulty(InputFault::infinite);
    switch (input_.kind) {
        case InputKind::steps:
            for (std::size_t s = 0; s < step_values_.size(); ++s)
                if (step_values_[s] == value) {
                    out.units = step_units_[s];
                    return out;
                }
            return faulty(InputFault::off_scale);
        case InputKind::flag:
            if (value != 0.0 && value != 1.0) return faulty(InputFault::not_a_flag);
            out.units = value == 1.0 ? 1 : 0;
            return out;
        default:
            break;
    }
    if ((input_.low_closed ? value < input_.low : value <= input_.low) ||
        (input_.high_closed ? value > input_.high : value >= input_.high))
        return faulty(InputFault::out_of_range);
    if (input_.decimals < 0) {
        out.real = value == 0.0 ? 0.0 : value;  // no -0
        return out;
    }
    const double units = std::nearbyint(value * scale_);
    if (std::fabs(units) > unit_limit) return faulty(InputFault::out_of_range);
    if (units / scale_ != value)
        return faulty(input_.kind == InputKind::count ? InputFault::not_whole
                                                      : InputFault::decimals);
    out.units = static_cast<Int128>(static_cast<std::int64_t>(units));
    return out;
}

InputCell InputReader::text(std::string_view text) const {
    const std::string_view trimmed = trim(text);
    if (trimmed.empty()) return faulty(InputFault::missing);
    if (input_.kind == InputKind::choice || input_.kind == InputKind::flag) {
        const auto it = words_.find(word_key(trimmed));
        InputCell out;
        if (it != words_.end()) {
            out.units = it->second;
            out.real = it->second;
            return out;
        }
        const NumberCell cell = parse_number(trimmed);
        if (cell.state == NumberCell::State::value) return number(cell.value);
        return faulty(input_.kind == InputKind::choice ? InputFault::unknown_choice
                                                       : InputFault::not_a_flag);
    }
    const NumberCell cell = parse_number(trimmed);
    if (cell.state == NumberCell::State::missing) return faulty(InputFault::missing);
    if (cell.state == NumberCell::State::value) return number(cell.value);
    if (input_.kind != InputKind::steps) return faulty(InputFault::not_a_number);
    const auto whole = words_.find(word_key(trimmed));
    if (whole != words_.end() && whole->second >= 0)
        return number(step_values_[static_cast<std::size_t>(whole->second)]);
    // "6　possible": both must be those of one step.
    const std::size_t gap = std::min(trimmed.find(' '), trimmed.find("\u3000"));
    if (gap == 0 || gap == std::string_view::npos) return faulty(InputFault::not_a_number);
    const NumberCell first = parse_number(trimmed.substr(0, gap));
    if (first.state != NumberCell::State::value) return faulty(InputFault::not_a_number);
    const std::string rest = word_key(trimmed.substr(gap));
    for (std::size_t s = 0; s < step_values_.size(); ++s)
        if (step_values_[s] == first.value && (rest == word_key(input_.steps[s].meaning.zh) ||
                                               rest == word_key(input_.steps[s].meaning.en)))
            return number(first.value);
    return faulty(InputFault::label_wrong);
}

InputCell InputReader::cell(const Column& column, std::size_t row) const {
    if (column.is_missing(row)) return faulty(InputFault::missing);
    switch (column.type()) {
        case ColumnType::number:
        case ColumnType::integer:
            return number(column.number(row).value);
        case ColumnType::boolean:
            if (input_.kind == InputKind::flag) return number(column.boolean(row) ? 1.0 : 0.0);
            return faulty(input_.kind == InputKind::choice ? InputFault::unknown_choice
                                                           : InputFault::not_a_number);
        case ColumnType::text:
            return text(column.text(row));
        case ColumnType::date:
            break;
    }
    if (input_.kind == InputKind::choice) return text(column.print(row));
    return faulty(input_.kind == InputKind::flag ? InputFault::not_a_flag
                                                 : InputFault::not_a_number);
}

InputColumn::InputColumn(const Column* column, const InputReader& reader, const Slot& slot,
                         const Work& work)
    : column_(column),
      reader_(reader),
      real_(slot.type == ValueType::real),
      when_missing_(slot.optional ? CellState::empty : CellState::lacking) {
    if (column == nullptr || column->type() != ColumnType::text || find_frequent()) return;
    const IdNumbers texts(*column, work);
    numbers_.assign(texts.numbers().begin(), texts.numbers().end());
    for (std::size_t k = 0; k < texts.size(); ++k)
        known_.push_back(reader.text(texts.texts().text(k)));
}

// Flags and choices are a few words over and over: numbering each cell would take longer than
// looking through them.
bool InputColumn::find_frequent() {
    constexpr std::size_t looked_at = 1024;
    constexpr std::size_t most = 8;
    if (column_->dictionary() != nullptr) return false;
    const std::size_t n = std::min(column_->size(), looked_at);
    for (std::size_t row = 0; row < n; ++row) {
        const std::string_view text = column_->text(row);
        if (std::any_of(frequent_.begin(), frequent_.end(),
                        [&](const Frequent& one) { return one.text == text; }))
            continue;
        if (frequent_.size() == most) {
            frequent_.clear();
            return false;
        }
        frequent_.push_back({std::string(text), short_key(text), reader_.text(text)});
    }
    return !frequent_.empty();
}

template <class CellOf>
void InputColumn::fill(std::size_t begin, const std::uint16_t* offsets, std::size_t n,
                       Int128* units, double* reals, CellState* states,
                       const CellOf& cell_of) const {
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t row = begin + (offsets == nullptr ? i : offsets[i]);
        const InputCell& cell = cell_of(row);
        if (real_)
            reals[i] = cell.real;
        else
            units[i] = cell.units;
        states[i] = state_of(cell, when_missing_);
    }
}

// Numbers and truths that need no look at anything but their own bits; false at the first other.
bool InputColumn::read_plain(std::size_t begin, const std::uint16_t* offsets, std::size_t n,
                             Int128* units, CellState* states) const {
    if (real_ || column_->has_nulls()) return false;
    const auto rows = [&](const auto& take) {
        for (std::size_t i = 0; i < n; ++i) {
            take(i, begin + (offsets == nullptr ? i : offsets[i]));
            states[i] = CellState::known;
        }
    };
    if (column_->type() == ColumnType::boolean) {
        if (!reader_.is_flag()) return false;
        const auto* const values = static_cast<const std::uint8_t*>(column_->memory().cells);
        rows([=](std::size_t i, std::size_t row) { units[i] = values[row] != 0 ? 1 : 0; });
        return true;
    }
    const bool flag = reader_.is_flag();
    if (!flag && !reader_.is_whole()) return false;
    const double low = flag ? 0.0 : reader_.whole_low();
    const double high = flag ? 1.0 : reader_.whole_high();
    bool fits = true;
    if (column_->type() == ColumnType::number) {
        const double* const values = column_->numbers().data();
        rows([=, &fits](std::size_t i, std::size_t row) {
            const double value = values[row];
            const bool inside = value >= low && value <= high;
            const auto whole = static_cast<std::int64_t>(inside ? value : 0.0);
            fits = fits && inside && static_cast<double>(whole) == value;
            units[i] = whole;
        });
        return fits;
    }
    if (column_->type() == ColumnType::integer) {
        const std::int64_t* const values = column_->integers().data();
        const auto first = static_cast<std::int64_t>(low);
        const auto last = static_cast<std::int64_t>(high);
        rows([=, &fits](std::size_t i, std::size_t row) {
            const std::int64_t value = values[row];
            fits = fits && value >= first && value <= last;
            units[i] = value;
        });
        return fits;
    }
    return false;
}

void InputColumn::read(std::size_t begin, const std::uint16_t* offsets, std::size_t n,
                       Int128* units, double* reals, CellState* states) const {
    if (column_ == nullptr) {
        for (std::size_t i = 0; i < n; ++i)
            states[i] = when_missing_;
        return;
    }
    if (read_plain(begin, offsets, n, units, states)) return;
    const auto put = [&](const auto& cell_of) {
        fill(begin, offsets, n, units, reals, states, cell_of);
    };
    if (!frequent_.empty()) {
        InputCell other;
        const auto say = [&](std::string_view text) -> const InputCell& {
            const std::uint64_t key = short_key(text);
            for (const Frequent& one : frequent_)
                if (one.key == key && (key != 0 || one.text == text)) return one.cell;
            return other = reader_.text(text);
        };
        const Column::Memory memory = column_->memory();
        const auto* const bytes = static_cast<const char*>(memory.bytes);
        if (memory.layout == Column::Layout::offsets64 && !column_->has_nulls()) {
            const auto* const ends = static_cast<const std::int64_t*>(memory.cells);
            return put([&](std::size_t row) -> const InputCell& {
                return say(
                    {bytes + ends[row], static_cast<std::size_t>(ends[row + 1] - ends[row])});
            });
        }
        return put([&](std::size_t row) -> const InputCell& { return say(column_->text(row)); });
    }
    InputCell cell;
    if (column_->type() == ColumnType::text) {
        const InputCell none = faulty(InputFault::missing);
        return put([&](std::size_t row) -> const InputCell& {
            const std::int32_t k = numbers_[row];
            return k < 0 ? none : known_[static_cast<std::size_t>(k)];
        });
    }
    if (column_->type() == ColumnType::number && !column_->has_nulls()) {
        const double* const values = column_->numbers().data();
        return put([&](std::size_t row) -> const InputCell& {
            return cell = reader_.number(values[row]);
        });
    }
    put([&](std::size_t row) -> const InputCell& { return cell = reader_.cell(*column_, row); });
}

}  // namespace safetyrisk::scoring
