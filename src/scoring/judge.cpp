#include "judge.hpp"

#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

namespace safetyrisk::scoring {

Judge::Judge(std::shared_ptr<const Method> method, bool averaged)
    : method_(std::move(method)), averaged_(averaged), shapes_(input_shapes(*method_)) {
    if (!is_chain()) return;
    for (std::size_t k = 0; k < inputs(); ++k)
        readers_.emplace_back(input(k), method_->chain()->slots[k]);
}

bool Judge::is_real(std::size_t k) const {
    return !is_chain() || method_->chain()->slots[k].type == ValueType::real;
}

Judge::Space::Space(const Judge& judge) {
    if (judge.is_chain()) {
        chain = std::make_unique<ChainSpace>(*judge.method().chain());
        return;
    }
    factors.assign(judge.inputs(), std::vector<double>(block));
    grade.resize(block);
    band.resize(block);
    score.resize(block);
}

void Judge::judge(Space& space, const Judgement* cases, std::size_t n, Verdict* out) const {
    const std::size_t width = inputs();
    if (is_chain()) {
        for (std::size_t k = 0; k < width; ++k) {
            Lane& lane = space.chain->lanes[k];
            for (std::size_t i = 0; i < n; ++i) {
                const Judgement& one = cases[i * width + k];
                lane.units[i] = one.units;
                lane.reals[i] = one.real;
                lane.states[i] = one.state;
            }
        }
        run_chain(*method_->chain(), *space.chain, n);
        const ChainResult& result = space.chain->result;
        for (std::size_t i = 0; i < n; ++i) {
            out[i].score = result.score[i];
            out[i].band = result.band[i];
            out[i].state = result.band[i] != 255               ? RowState::graded
                           : result.state[i] == CellState::bad ? RowState::rejected
                                                               : RowState::not_gradable;
        }
        return;
    }
    std::vector<std::span<const double>> columns;
    for (std::size_t k = 0; k < width; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            const Judgement& one = cases[i * width + k];
            space.factors[k][i] = one.state == CellState::known ? one.real : nan_value;
        }
        columns.emplace_back(space.factors[k].data(), n);
    }
    method_->score(columns, averaged_, std::span(space.score).first(n),
                   std::span(space.grade).first(n), std::span(space.band).first(n));
    for (std::size_t i = 0; i < n; ++i) {
        out[i] = {RowState::graded, space.score[i], space.band[i]};
        if (space.band[i] != 255) continue;
        out[i].state = RowState::not_gradable;
        for (std::size_t k = 0; k < width; ++k)
            if (cases[i * width + k].state == CellState::known &&
                !method_->accepts(k, cases[i * width + k].real, averaged_))
                out[i].state = RowState::rejected;
    }
}

Judge::Rows::Rows(const Judge& judge, const Table& table) : judge_(judge) {
    for (std::size_t k = 0; k < judge.inputs(); ++k) {
        if (judge.is_chain())
            columns_.push_back(table.find(judge.input(k).id));
        else
            factors_.push_back(read_factor(table, judge.method().factors()[k], judge.averaged_));
    }
}

Case Judge::Rows::operator()(std::size_t row) const {
    Case out(judge_.inputs());
    for (std::size_t k = 0; k < out.size(); ++k) {
        if (judge_.is_chain()) {
            if (columns_[k] != nullptr)
                out[k] = judge_.read_cell(k, *columns_[k], row).first;
            else if (judge_.method_->chain()->slots[k].optional)
                out[k].state = CellState::empty;
            continue;
        }
        out[k].real = factors_[k].values[row];
        if (!std::isnan(out[k].real)) out[k].state = CellState::known;
    }
    return out;
}

std::pair<Judgement, InputFault> Judge::judgement(std::size_t k, const InputCell& cell) const {
    Judgement out;
    if (cell.fault == InputFault::missing) {
        if (method_->chain()->slots[k].optional) out.state = CellState::empty;
        return {out, cell.fault};
    }
    if (cell.fault != InputFault::none) {
        out.state = CellState::bad;
        return {out, cell.fault};
    }
    out.state = CellState::known;
    if (is_real(k))
        out.real = cell.real;
    else
        out.units = cell.units;
    return {out, InputFault::none};
}

std::pair<Judgement, InputFault> Judge::read(std::size_t k, std::string_view text) const {
    if (is_chain()) return judgement(k, readers_[k].text(text));
    const NumberCell cell = parse_number(trim(text));
    if (cell.state == NumberCell::State::value) return read(k, cell.value);
    if (cell.state == NumberCell::State::missing) return {Judgement(), InputFault::missing};
    return {{0, 0.0, CellState::bad}, InputFault::not_a_number};
}

std::pair<Judgement, InputFault> Judge::read(std::size_t k, double value) const {
    if (is_chain()) return judgement(k, readers_[k].number(value));
    if (std::isnan(value)) return {Judgement(), InputFault::missing};
    if (!method_->accepts(k, value, averaged_))
        return {{0, value, CellState::bad}, InputFault::off_scale};
    return {{0, value, CellState::known}, InputFault::none};
}

std::pair<Judgement, InputFault> Judge::read_cell(std::size_t k, const Column& column,
                                                  std::size_t row) const {
    if (is_chain()) return judgement(k, readers_[k].cell(column, row));
    const NumberCell cell = column.number(row);
    if (cell.state == NumberCell::State::value) return read(k, cell.value);
    if (cell.state == NumberCell::State::missing) return {Judgement(), InputFault::missing};
    return {{0, 0.0, CellState::bad}, InputFault::not_a_number};
}

double Judge::number(std::size_t k, const Judgement& value) const {
    if (is_real(k)) return value.real;
    const Slot& slot = method_->chain()->slots[k];
    return slot.type == ValueType::label ? nan_value : nearest_quotient(value.units, slot.unit);
}

std::string Judge::text(std::size_t k, const Judgement& value) const {
    if (value.state != CellState::known) return "";
    if (input(k).kind == InputKind::choice)
        return input(k).choices[static_cast<std::size_t>(value.units)].id;
    if (input(k).kind == InputKind::flag) return value.units != 0 ? "是" : "否";
    return print_number(number(k, value));
}

std::string Judge::words(std::size_t k, const Judgement& value, Lang lang) const {
    if (value.state != CellState::known) return "";
    if (input(k).kind == InputKind::choice)
        return input(k).choices[static_cast<std::size_t>(value.units)].name.in(lang);
    if (input(k).kind == InputKind::flag && lang == Lang::en)
        return value.units != 0 ? "yes" : "no";
    return text(k, value);
}

std::optional<std::size_t> Judge::place(std::size_t k, const Judgement& value) const {
    const std::vector<Judgement>& places = shapes_[k].places;
    for (std::size_t p = 0; p < places.size(); ++p)
        if (places[p] == value) return p;
    return std::nullopt;
}

std::string case_key(const Case& one) {
    std::string key;
    key.reserve(one.size() * 25);
    for (const Judgement& value : one) {
        key.push_back(static_cast<char>(value.state));
        const auto low = static_cast<std::uint64_t>(value.units);
        const auto high = static_cast<std::uint64_t>(value.units >> 64U);
        const auto real = std::bit_cast<std::uint64_t>(value.real);
        for (const std::uint64_t word : {low, high, real})
            key.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    return key;
}

void for_rows(std::size_t n, std::size_t few, const Work& work,
              const std::function<void(std::size_t, std::size_t)>& body) {
    Work tasks = work;
    if (work.progress)
        tasks.progress = [&](std::size_t done, std::size_t) {
            work.progress(std::min(done * few, n), n);
        };
    for_tasks((n + few - 1) / few, tasks,
              [&](std::size_t task) { body(task * few, std::min(n, (task + 1) * few)); });
}

}  // namespace safetyrisk::scoring
