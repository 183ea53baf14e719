// Hazards that may be one, and hazards that came back.
#include "hazard/data.hpp"

#include <safetyrisk/core/date.hpp>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace safetyrisk::hazard {
namespace {

// Hazards of an enterprise that say what is wrong; those alike stand together, by the day they were
// found.
std::vector<std::uint32_t> alike(const Register::Data& d) {
    std::vector<std::uint32_t> all;
    for (std::size_t h = 0; h < d.size(); ++h)
        if (d.enterprise.of[h] >= 0 && d.what.of[h] >= 0)
            all.push_back(static_cast<std::uint32_t>(h));
    // Of those found on one day the order is that of their ids, so that rows may stand in any.
    std::sort(all.begin(), all.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto key = [&](std::uint32_t h) {
            return std::tuple(d.enterprise.of[h], d.what.of[h], d.found[h]);
        };
        if (key(a) != key(b)) return key(a) < key(b);
        return d.id(a) < d.id(b);
    });
    return all;
}

bool same(const Register::Data& d, std::uint32_t a, std::uint32_t b) {
    return d.enterprise.of[a] == d.enterprise.of[b] && d.what.of[a] == d.what.of[b];
}

// Calls f(first, last) for each group of two and more that may be one, in `all`.
template <class F>
void each_group(const Register::Data& d, const std::vector<std::uint32_t>& all, std::int32_t days,
                F&& f) {
    for (std::size_t i = 0; i < all.size();) {
        std::size_t j = i + 1;
        while (j < all.size() && same(d, all[i], all[j]) &&
               d.found[all[j]] - d.found[all[j - 1]] <= days)
            ++j;
        if (j - i > 1) f(i, j);
        i = j;
    }
}

}  // namespace

Table Register::duplicates(std::int32_t days) const {
    const Data& d = *data_;
    const std::vector<std::uint32_t> all = alike(d);
    std::vector<std::int64_t> group;
    std::vector<std::string> hazard, enterprise, criterion, channel;
    std::vector<Date> found;
    std::int64_t number = 0;
    each_group(d, all, days, [&](std::size_t begin, std::size_t end) {
        ++number;
        for (std::size_t k = begin; k < end; ++k) {
            const std::uint32_t h = all[k];
            group.push_back(number);
            hazard.push_back(d.id(h));
            enterprise.emplace_back(d.enterprise.at(h));
            criterion.emplace_back(d.what.at(h));
            found.emplace_back(d.found[h]);
            channel.emplace_back(d.channel.at(h));
        }
    });
    Table table(Origin{"hazard_duplicates", "", -1, {}, -1});
    table.add("group", Column::of(std::move(group)));
    table.add("hazard", Column::of(hazard));
    table.add("enterprise", Column::of(enterprise));
    table.add("criterion", Column::of(criterion));
    table.add("found_on", Column::of(found));
    table.add("channel", Column::of(channel));
    return table;
}

Register Register::merged(std::int32_t days) const {
    auto made = std::make_shared<Data>(*data_);
    Data& d = *made;
    const std::vector<std::uint32_t> all = alike(d);
    std::vector<std::uint8_t> gone(d.size(), 0);
    std::vector<std::uint8_t> many(d.size(), 0);
    std::vector<std::uint32_t> first_of(d.size());
    std::iota(first_of.begin(), first_of.end(), 0U);
    each_group(*data_, all, days, [&](std::size_t begin, std::size_t end) {
        const std::uint32_t first = all[begin];
        many[first] = 1;
        d.due[first] = data_->due_on(first, never - 1);
        for (std::size_t k = begin + 1; k < end; ++k) {
            const std::uint32_t h = all[k];
            gone[h] = 1;
            d.closed[first] = std::max(d.closed[first], d.closed[h]);
            d.due[first] = std::min(d.due[first], data_->due_on(h, never - 1));
            d.grade[first] = std::max(d.grade[first], d.grade[h]);
            d.stopped[first] = std::max(d.stopped[first], d.stopped[h]);
            d.unproven[first] = std::max(d.unproven[first], d.unproven[h]);
            first_of[h] = first;
            ++d.merged;
        }
    });
    const auto keep = [&](auto& column) {  // what follows the hazards stays
        std::size_t to = 0;
        for (std::size_t h = 0; h < column.size(); ++h)
            if (h >= gone.size() || gone[h] == 0) column[to++] = column[h];
        column.resize(to);
    };
    if (d.with_refused != nullptr) {
        auto wide = std::make_shared<Data>(*d.with_refused);
        std::copy(d.grade.begin(), d.grade.end(), wide->grade.begin());
        keep(wide->row);
        keep(wide->found);
        keep(wide->grade);
        for (Texts* texts : {&wide->enterprise, &wide->channel, &wide->division, &wide->sectors,
                             &wide->risk_point})
            keep(texts->of);
        d.with_refused = std::move(wide);
    }
    keep(d.row);
    keep(d.found);
    keep(d.closed);
    keep(d.due);
    keep(d.grade);
    keep(d.stopped);
    keep(d.unproven);
    keep(d.state);
    for (Texts* texts :
         {&d.enterprise, &d.channel, &d.division, &d.sectors, &d.risk_point, &d.what})
        keep(texts->of);
    // A closing in doubt is one of the hazard that stands for it.
    std::vector<std::uint32_t> place(gone.size(), 0);
    for (std::size_t h = 1; h < gone.size(); ++h)
        place[h] = place[h - 1] + (gone[h - 1] == 0 ? 1U : 0U);
    for (Data::Claim& one : d.claims)
        one.hazard = place[first_of[one.hazard]];
    std::sort(d.claims.begin(), d.claims.end(), [](const Data::Claim& a, const Data::Claim& b) {
        return std::tie(a.hazard, a.day, a.before) < std::tie(b.hazard, b.day, b.before);
    });
    if (!d.event_ends.empty()) {  // the steps of those that stand alone
        d.event_ends.assign(1, 0);
        d.taken.clear();
        for (std::size_t h = 0; h < gone.size(); ++h) {
            if (gone[h] != 0) continue;
            const auto events = data_->events_of(h);
            if (many[h] == 0) d.taken.insert(d.taken.end(), events.begin(), events.end());
            d.event_ends.push_back(static_cast<std::uint32_t>(d.taken.size()));
        }
    }
    return Register(std::move(made));
}

Table Register::recurrences(std::int32_t months) const {
    const Data& d = *data_;
    const std::vector<std::uint32_t> all = alike(d);
    std::vector<std::string> hazard, earlier, enterprise, criterion;
    std::vector<Date> found, closed;
    std::vector<std::int64_t> days;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::uint32_t h = all[i];
        // Of those closed by the day it was found, within the months, the one closed last.
        std::size_t best = all.size();
        for (std::size_t j = i; j-- > 0 && same(d, all[j], h);) {
            const std::int32_t end = d.closed[all[j]];
            if (end == never || end > d.found[h]) continue;
            if (add(Date(end), Duration{months, 0}).days_since_1970() < d.found[h]) continue;
            if (best == all.size() || end > d.closed[all[best]]) best = j;
        }
        if (best == all.size()) continue;
        const std::uint32_t e = all[best];
        hazard.push_back(d.id(h));
        earlier.push_back(d.id(e));
        enterprise.emplace_back(d.enterprise.at(h));
        criterion.emplace_back(d.what.at(h));
        found.emplace_back(d.found[h]);
        closed.emplace_back(d.closed[e]);
        days.push_back(d.found[h] - d.closed[e]);
    }
    Table table(Origin{"hazard_recurrences", "", -1, {}, -1});
    table.add("hazard", Column::of(hazard));
    table.add("earlier", Column::of(earlier));
    table.add("enterprise", Column::of(enterprise));
    table.add("criterion", Column::of(criterion));
    table.add("found_on", Column::of(found));
    table.add("closed_on", Column::of(closed));
    table.add("days", Column::of(std::move(days)));
    return table;
}

}  // namespace safetyrisk::hazard
