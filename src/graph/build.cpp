#include "build.hpp"

#include "industries.hpp"
#include "node_names.hpp"
#include "words.hpp"

#include "core/cells.hpp"
#include "core/id_keys.hpp"
#include "core/id_numbers.hpp"

#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/industry.hpp>
#include <safetyrisk/core/text.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <span>

namespace safetyrisk::graph {
namespace {

using detail::AttributeReader;

constexpr std::string_view node_tables[] = {"nodes",       "divisions", "enterprises",
                                            "risk_points", "hazards",   "tasks"};
constexpr std::string_view other_tables[] = {"edges", "records", "duties"};
constexpr std::size_t most_links = 64;
constexpr std::uint8_t no_table = 255;

// Columns that the store copies; the others stay with it as attributes.
constexpr std::string_view copied_of_nodes[] = {"id",         "code",     "name",      "kind",
                                                "post_kind",  "division", "parent",    "level",
                                                "valid_from", "valid_to", "attributes"};
constexpr std::string_view copied_of_edges[] = {
    "source",  "target",     "kind",     "duty",     "sectors", "links",      "lead",
    "enforce", "valid_from", "valid_to", "document", "clause",  "confidence", "attributes"};

std::optional<DivisionCode> code_of(const Column* column, std::size_t row) {
    std::string scratch;
    const std::string_view text = cell_text(column, row, scratch);
    if (text.empty()) return std::nullopt;
    return DivisionCode::parse(text);
}

// What is above a division by its code; headings of the code list are no divisions.
DivisionCode above(DivisionCode code) {
    DivisionCode parent = code.parent();
    while (parent.is_direct_county_group())
        parent = parent.parent();
    return parent;
}

struct Days {
    std::int32_t from = always_from, to = always_to;
};

class Builder {
public:
    Builder(std::vector<Table> tables, const GraphOptions& options)
        : given_(std::move(tables)), options_(options), store_(make_store()) {
        leave_out_empty_columns();
        pack_sectors_ = words_.sectors.all.size();
        // The pack's links come first: whether all links of a sector are covered is asked of them.
        for (const auto& [id, names] : words_.sectors.link_names)
            link_numbers_.emplace(id, link_numbers_.size());
        for (const auto& sector : words_.sectors.all)
            for (const std::string& link : sector.links)
                link_numbers_.emplace(link, link_numbers_.size());
        if (link_numbers_.size() > most_links)
            throw InputError(store_->sector_pack->id + ": more than 64 different links (环节)");
    }

    std::shared_ptr<const Store> build() {
        name_tables();
        read_ids();
        choose_rows();
        make_nodes();
        index_ids();
        place_nodes();
        make_edges();
        sort_edges();
        spread_derived();
        index_edges();
        read_attributes();
        read_records();
        read_duties();
        report_names();
        check_jurisdiction();
        keep_tables();
        rank_zones();
        note_kinds();
        detail::check_cells(*store_);
        detail::check_limits(*store_);
        store_->colour = detail::read_colours(*store_);
        return store_;
    }

private:
    struct Part {  // a table that brings nodes
        std::size_t table;
        KindNo kind;        // of all its rows, or no_kind where `kind` says
        std::size_t first;  // its rows among those of all parts
    };

    void note_kinds() {
        Store& s = *store_;
        std::array<std::uint8_t, 256> listed{};  // by table
        for (std::size_t t = 0; t < s.tables.size() && t < listed.size(); ++t)
            listed[t] = s.tables[t].origin().table == "nodes" ? 1 : 0;
        for (NodeNo v = 0; v < s.n(); ++v) {
            s.has_nodes[s.node_kind[v]] = 1;
            s.has_listed[s.node_kind[v]] |= listed[s.node_table[v]];
        }
        s.first_edge.fill(always_to);
        for (EdgeNo e = 0; e < s.m(); ++e) {
            std::int32_t& first = s.first_edge[s.edge_kind[e]];
            first = std::min(first, s.edge_from.empty() ? always_from : s.edge_from[e]);
        }
    }

    std::shared_ptr<Store> make_store() {
        auto kinds = options_.kinds != nullptr ? options_.kinds : Kinds::usual();
        Known known(*kinds);
        auto pack = options_.sectors;
        if (pack == nullptr) {
            // Read once: most graphs are small and use the library's own sectors.
            static const auto usual_pack = PackRegistry::builtin().find("sectors");
            static const detail::SectorWords usual = detail::read_sectors(*usual_pack);
            pack = usual_pack;
            words_ = usual;
        } else {
            words_ = detail::read_sectors(*pack);
        }
        return std::make_shared<Store>(
            Store{.kinds = std::move(kinds), .known = known, .sector_pack = std::move(pack)});
    }

    void issue(std::string_view code, std::size_t table, std::size_t row, std::string_view column,
               std::string_view value = {}, std::initializer_list<std::string_view> more = {}) {
        store_->issues.add(code, given_[table].origin(), static_cast<std::int64_t>(row), column,
                           value, more);
    }

    // ── tables ──

    // A form has columns that nobody filled in: they say nothing, as if they were not there.
    void leave_out_empty_columns() {
        constexpr std::string_view needed[] = {"id",     "code",    "name",   "kind", "source",
                                               "target", "subject", "action", "date"};
        for (Table& one : given_) {
            if (one.rows() == 0) continue;
            const auto kept = [&](std::size_t c) {
                if (std::find(std::begin(needed), std::end(needed), one.name(c)) !=
                    std::end(needed))
                    return true;
                for (std::size_t row = 0; row < one.rows(); ++row)
                    if (!one.column(c).is_missing(row)) return true;
                return false;
            };
            Table filled(one.origin());
            for (std::size_t c = 0; c < one.size(); ++c)
                if (kept(c)) filled.add(one.name(c), one.column(c));
            if (filled.size() < one.size()) one = std::move(filled);
        }
    }

    void name_tables() {
        std::set<std::string> seen;
        if (given_.size() >= no_table) throw InputError("more than 254 tables");
        for (std::size_t i = 0; i < given_.size(); ++i) {
            const std::string& name = given_[i].origin().table;
            const bool brings_nodes = std::find(std::begin(node_tables), std::end(node_tables),
                                                name) != std::end(node_tables);
            if (!brings_nodes && std::find(std::begin(other_tables), std::end(other_tables),
                                           name) == std::end(other_tables))
                throw InputError("a graph has no table '" + name +
                                 "'; it has nodes, divisions, enterprises, risk_points, hazards, "
                                 "tasks, edges, records, duties");
            if (!seen.insert(name).second)
                throw InputError("the table '" + name + "' is given twice");
            if (given_[i].rows() >= none) throw InputError(name + ": more than 2^32 - 2 rows");
            const Known& known = store_->known;
            if (brings_nodes) {
                KindNo kind = no_kind;
                if (name == "divisions") kind = known.region;
                if (name == "enterprises") kind = known.enterprise;
                if (name == "risk_points") kind = known.risk_point;
                if (name == "hazards") kind = known.hazard;
                if (name == "tasks") kind = known.task;
                if (name != "nodes" && kind == no_kind)
                    throw InputError("the pack of kinds has no kind for the table '" + name + "'");
                parts_.push_back({i, kind, 0});
            }
        }
    }

    const Table* table(std::string_view name) const {
        for (const Table& one : given_)
            if (one.origin().table == name) return &one;
        return nullptr;
    }
    std::size_t table_no(std::string_view name) const {
        for (std::size_t i = 0; i < given_.size(); ++i)
            if (given_[i].origin().table == name) return i;
        return no_table;
    }

    // ── ids ──

    void read_ids() {
        TextBuilder ids;
        std::string scratch;
        std::vector<std::uint64_t> wanted;  // codes of regions that somebody names
        std::unordered_set<std::uint64_t> given_codes;
        const auto want = [&](std::optional<DivisionCode> code) {
            if (!code || code->level() == DivisionLevel::country) return;
            if (!wanted.empty() && wanted.back() == code->packed()) return;
            wanted.push_back(code->packed());
            codes_.emplace(code->packed(), *code);
        };
        std::size_t rows = 0;
        for (Part& part : parts_) {
            part.first = rows;
            const Table& one = given_[part.table];
            const bool divisions = one.origin().table == "divisions";
            const Column& id = one.at(divisions ? "code" : "id");
            const Column* kind = one.origin().table == "nodes" ? &one.at("kind") : nullptr;
            row_kind_.resize(rows + one.rows(), part.kind);
            for (std::size_t row = 0; row < one.rows(); ++row) {
                std::string_view text = cell_text(&id, row, scratch);
                if (text.empty()) {
                    issue("graph.id_missing", part.table, row, divisions ? "code" : "id");
                    ids.append_null();
                    continue;
                }
                KindNo row_kind = part.kind;
                if (kind != nullptr) {
                    std::string kind_scratch;
                    const std::string_view word = cell_text(kind, row, kind_scratch);
                    row_kind = kind_no(word);
                    if (row_kind == no_kind) {
                        issue("graph.kind_unknown", part.table, row, "kind", word);
                        ids.append_null();
                        continue;
                    }
                    row_kind_[rows + row] = row_kind;
                }
                if (row_kind == store_->known.region) {
                    const auto code = DivisionCode::parse(text);
                    if (!code) {
                        issue("graph.code_malformed", part.table, row, divisions ? "code" : "id",
                              text);
                        ids.append_null();
                        continue;
                    }
                    given_codes.insert(code->packed());
                    if (code->level() != DivisionLevel::country) want(above(*code));
                    ids.append(code->text());
                    continue;
                }
                ids.append(text);
            }
            const Column* division = one.find("division");
            if (division == nullptr && divisions) division = one.find("parent");
            if (division != nullptr)
                for (std::size_t row = 0; row < one.rows(); ++row)
                    want(code_of(division, row));
            rows += one.rows();
        }
        // What no table has is made from the codes, up to the province.
        std::sort(wanted.begin(), wanted.end());
        wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
        std::set<std::uint64_t> made;
        for (const std::uint64_t packed : wanted)
            for (DivisionCode code = codes_.at(packed);
                 code.level() != DivisionLevel::country && given_codes.count(code.packed()) == 0 &&
                 made.insert(code.packed()).second;
                 code = above(code)) {
                made_.push_back(code);
            }
        for (const DivisionCode code : made_)
            ids.append(code.text());
        first_made_ = rows;
        all_ids_ = ids.finish();
        row_kind_.resize(rows + made_.size(), store_->known.region);
    }

    KindNo kind_no(std::string_view word) {
        const auto found = kind_words_.find(std::string(word));
        if (found != kind_words_.end()) return found->second;
        return kind_words_.emplace(word, store_->kinds->node(word)).first->second;
    }

    const Part& part_of(std::size_t row) const {
        std::size_t i = parts_.size();
        while (i > 0 && parts_[i - 1].first > row)
            --i;
        // Empty tables share a first row with the next; the last of them is the one with rows.
        return parts_[i - 1];
    }

    Days days_of(std::size_t table_index, std::size_t row, bool report = true) {
        const Table& one = given_[table_index];
        Days days;
        const auto read = [&](std::string_view name, std::int32_t& day) {
            const Column* column = one.find(name);
            if (column == nullptr || column->is_missing(row)) return true;
            if (column->type() == ColumnType::date) {
                day = column->date(row).days_since_1970();
                return true;
            }
            std::string scratch;
            const std::string_view text = cell_text(column, row, scratch);
            if (text.empty() || (&day == &days.to && is_open_end(text))) return true;
            const auto date = read_day(text);
            if (!date) {
                if (report) issue("graph.date_malformed", table_index, row, name, text);
                return false;
            }
            day = date->days_since_1970();
            return true;
        };
        const bool ok = read("valid_from", days.from) && read("valid_to", days.to);
        if (!ok) return {1, 0};
        if (days.from > days.to && report)
            issue("graph.dates_contradict", table_index, row, "valid_to", Date(days.to).text(),
                  {Date(days.from).text()});
        return days;
    }

    // ── which row is a node ──

    void choose_rows() {
        numbers_ = std::make_unique<IdNumbers>(all_ids_, options_.work);
        const auto numbers = numbers_->numbers();
        chosen_.assign(numbers_->size(), none);
        std::vector<std::uint32_t> repeated;
        for (std::size_t row = 0; row < numbers.size(); ++row) {
            const std::int32_t number = numbers[row];
            if (number < 0) continue;
            auto& slot = chosen_[static_cast<std::size_t>(number)];
            if (slot == none)
                slot = static_cast<std::uint32_t>(row);
            else
                repeated.push_back(static_cast<std::uint32_t>(number));
        }
        std::sort(repeated.begin(), repeated.end());
        repeated.erase(std::unique(repeated.begin(), repeated.end()), repeated.end());
        if (repeated.empty()) return;
        std::vector<std::vector<std::uint32_t>> rows(repeated.size());
        for (std::size_t row = 0; row < numbers.size(); ++row) {
            if (numbers[row] < 0) continue;
            const auto number = static_cast<std::uint32_t>(numbers[row]);
            const auto at = std::lower_bound(repeated.begin(), repeated.end(), number);
            if (at != repeated.end() && *at == number)
                rows[static_cast<std::size_t>(at - repeated.begin())].push_back(
                    static_cast<std::uint32_t>(row));
        }
        for (std::size_t i = 0; i < repeated.size(); ++i)
            chosen_[repeated[i]] = choose(rows[i]);
    }

    // The row among several of one id that is the node, or none. Owes nothing to their order.
    std::uint32_t choose(std::vector<std::uint32_t> rows) {
        // A region is made only where nothing else has the id of its code.
        std::erase_if(rows, [&](std::uint32_t row) { return row >= first_made_; });
        if (rows.size() == 1) return rows.front();
        // A table of one kind knows more than `nodes` does.
        const auto is_plain = [&](std::uint32_t row) { return part_of(row).kind == no_kind; };
        const bool mixed = std::any_of(rows.begin(), rows.end(), is_plain) &&
                           !std::all_of(rows.begin(), rows.end(), is_plain);
        if (mixed) {
            std::vector<std::uint32_t> special;
            for (const std::uint32_t row : rows) {
                if (!is_plain(row)) {
                    special.push_back(row);
                    continue;
                }
                const Part& part = part_of(row);
                const auto other = std::find_if_not(rows.begin(), rows.end(), is_plain);
                issue("graph.id_in_two_tables", part.table, row - part.first, "id", id_text(row),
                      {given_[part_of(*other).table].origin().table});
            }
            rows = std::move(special);
        }
        if (rows.size() == 1) return rows.front();
        const Part& part = part_of(rows.front());
        const Table& one = given_[part.table];
        bool same_table = true, equal = true;
        for (const std::uint32_t row : rows) {
            same_table = same_table && part_of(row).table == part.table;
            equal =
                equal && same_table && one.equal_rows(rows.front() - part.first, row - part.first);
        }
        if (equal) {
            for (std::size_t i = 1; i < rows.size(); ++i)
                issue("graph.row_repeated", part.table, rows[i] - part.first, "id",
                      id_text(rows[i]));
            return rows.front();
        }
        if (same_table && one.origin().table == "divisions") {
            // Editions of one division, one after the other: the last is the node.
            std::vector<std::pair<Days, std::uint32_t>> editions;
            for (const std::uint32_t row : rows)
                editions.emplace_back(days_of(part.table, row - part.first, false), row);
            std::sort(editions.begin(), editions.end(),
                      [](const auto& a, const auto& b) { return a.first.from < b.first.from; });
            bool apart = true;
            for (std::size_t i = 1; i < editions.size(); ++i)
                apart = apart && editions[i - 1].first.to < editions[i].first.from;
            if (apart) {
                since_[editions.back().second] = editions.front().first.from;
                return editions.back().second;
            }
        }
        for (const std::uint32_t row : rows) {
            const Part& own = part_of(row);
            issue("graph.id_conflict", own.table, row - own.first, "id", id_text(row));
        }
        return none;
    }

    std::string id_text(std::size_t row) const { return std::string(all_ids_.text(row)); }

    // ── nodes ──

    void make_nodes() {
        Store& s = *store_;
        TextBuilder ids, names;
        std::string scratch;
        bool any_links = false, any_dates = false, any_inferred = false;
        std::vector<std::uint64_t> links;
        for (std::uint32_t number = 0; number < chosen_.size(); ++number) {
            const std::uint32_t row = chosen_[number];
            if (row == none) continue;
            const bool made = row >= first_made_;
            Days days;
            const Part* part = made ? nullptr : &part_of(row);
            const Table* one = made ? nullptr : &given_[part->table];
            const std::size_t at = made ? 0 : row - part->first;
            if (!made) {
                days = days_of(part->table, at);
                if (days.from > days.to) continue;
                const auto since = since_.find(row);
                if (since != since_.end()) days.from = since->second;
                if (former_division(*one, at)) continue;
            }
            const KindNo kind = row_kind_[row];
            ids.append(numbers_->texts().text(number));
            s.node_kind.push_back(kind);
            s.node_table.push_back(made ? no_table : static_cast<std::uint8_t>(part->table));
            s.node_row.push_back(made ? row - static_cast<std::uint32_t>(first_made_)
                                      : static_cast<std::uint32_t>(at));
            s.node_from.push_back(days.from);
            s.node_to.push_back(days.to);
            any_dates = any_dates || days.from != always_from || days.to != always_to;
            if (made) {
                const DivisionCode code = made_[row - first_made_];
                names.append({});
                s.post_kind.push_back(no_kind);
                s.level.push_back(static_cast<std::uint8_t>(code.level()));
                s.node_sectors.push_back(0);
                s.sectors_inferred.push_back(0);
                links.push_back(0);
                s.issues.add("graph.division_made", Origin{"divisions", "", -1, {}, -1}, -1, "code",
                             code.text());
                continue;
            }
            names.append(cell_text(one->find("name"), at, scratch));
            s.post_kind.push_back(post_of(*part, *one, at, kind));
            s.level.push_back(level_of(*part, *one, at, kind, numbers_->texts().text(number)));
            bool inferred = false;
            s.node_sectors.push_back(sectors_of(part->table, at, kind, inferred));
            s.sectors_inferred.push_back(inferred ? 1 : 0);
            any_inferred = any_inferred || inferred;
            links.push_back(links_of(part->table, at));
            any_links = any_links || links.back() != 0;
        }
        if (s.node_kind.size() >= none) throw InputError("more than 2^32 - 2 nodes");
        s.ids = ids.finish();
        s.names = names.finish();
        if (!any_dates) {
            s.node_from.clear();
            s.node_to.clear();
        }
        if (!any_inferred) s.sectors_inferred.clear();
        if (any_links) s.node_links = std::move(links);
        tidy(s.node_kind, s.post_kind, s.level, s.node_sectors, s.sectors_inferred, s.node_from,
             s.node_to, s.node_table, s.node_row);
        // Sectors that are nodes of the graph stand in the tree as well.
        numbers_.reset();
        all_ids_ = Column();
    }

    template <class... Columns>
    static void tidy(Columns&... columns) {
        (columns.shrink_to_fit(), ...);
    }

    // A code of the past: it answers through its successor and is no place of its own.
    static bool former_division(const Table& one, std::size_t row) {
        if (one.origin().table != "divisions") return false;
        const Column* successor = one.find("successor");
        const Column* valid_to = one.find("valid_to");
        return successor != nullptr && !successor->is_missing(row) &&
               (valid_to == nullptr || valid_to->is_missing(row));
    }

    KindNo post_of(const Part& part, const Table& one, std::size_t row, KindNo kind) {
        if (kind != store_->known.post) return no_kind;
        std::string scratch;
        const std::string_view word = cell_text(one.find("post_kind"), row, scratch);
        if (word.empty()) return no_kind;
        const auto found = post_words_.find(std::string(word));
        KindNo post = no_kind;
        if (found != post_words_.end())
            post = found->second;
        else
            post = post_words_.emplace(word, store_->kinds->post(word)).first->second;
        if (post == no_kind) issue("graph.post_kind_unknown", part.table, row, "post_kind", word);
        return post;
    }

    std::uint8_t level_of(const Part& part, const Table& one, std::size_t row, KindNo kind,
                          std::string_view id) {
        std::string scratch;
        const std::string_view word = cell_text(one.find("level"), row, scratch);
        if (!word.empty() && kind != store_->known.hazard && kind != store_->known.risk_point) {
            if (word.size() == 1 && word[0] >= '0' && word[0] <= '5')
                return static_cast<std::uint8_t>(word[0] - '0');
            if (const auto level = parse_level(word)) return static_cast<std::uint8_t>(*level);
            issue("graph.level_unknown", part.table, row, "level", word);
        }
        if (kind == store_->known.region)
            if (const auto code = DivisionCode::parse(id))
                return static_cast<std::uint8_t>(code->level());
        return no_level;
    }

    // The set of sectors of a cell; words that no sector has become sectors, and are reported.
    // A code of GB/T 4754 is read as one; an edge keeps one that leads nowhere as a word of its
    // own, because without any it would be about all sectors.
    SetNo set_of(std::size_t table_index, std::size_t row, std::string_view text, bool edge) {
        if (text.empty()) return 0;
        Sectors& sectors = words_.sectors;
        const auto found = set_words_.find(std::string(text));
        if (found != set_words_.end() && !unknown_.count(found->second)) return found->second;
        std::set<std::uint16_t> set;
        bool unknown = false;
        for_items(text, [&](std::string_view word) {
            std::uint32_t sector = sectors.find(word);
            if (sector == none)
                if (const std::vector<std::uint16_t> parts = known_parts(word); !parts.empty()) {
                    set.insert(parts.begin(), parts.end());
                    return;
                }
            if (sector == none && word.size() > 1 && IndustryCode::parse(word)) {
                const auto coded = detail::sectors_of_industry(words_, word).sectors;
                set.insert(coded.begin(), coded.end());
                if (!coded.empty()) return;
                if (!edge) {
                    issue("graph.industry_unmapped", table_index, row, "sectors", word,
                          {near_of(word)});
                    unknown = true;
                    return;
                }
            }
            if (sector == none || foreign_.count(sector) != 0) {
                issue("graph.sector_unknown", table_index, row, "sectors", word, {near_of(word)});
                unknown = true;
                if (sector == none) {
                    sector = detail::add_sector(sectors, word, word);
                    foreign_.insert(sector);
                }
            }
            set.insert(static_cast<std::uint16_t>(sector));
        });
        if (found != set_words_.end()) return found->second;
        SetNo number = 0;
        if (!set.empty()) {
            std::vector<std::uint16_t> list(set.begin(), set.end());
            const auto [at, fresh] =
                set_numbers_.emplace(list, static_cast<SetNo>(sectors.sets.size()));
            if (fresh) sectors.sets.push_back(std::move(list));
            number = at->second;
        }
        set_words_.emplace(text, number);
        if (unknown) unknown_.insert(number);
        return number;
    }

    // Names of sectors that an unknown word may mean; most unknown words stand in many rows.
    const std::string& near_of(std::string_view word) {
        const auto found = near_.find(std::string(word));
        if (found != near_.end()) return found->second;
        return near_.emplace(word, detail::near_sectors(words_.sectors, pack_sectors_, word))
            .first->second;
    }

    // The sectors of words that people parted by 、 ， , or / instead of a semicolon; nothing
    // unless each of them is a sector of the pack.
    std::vector<std::uint16_t> known_parts(std::string_view text) const {
        static constexpr std::array<std::string_view, 5> marks = {"、", "，", ",", "/", "\n"};
        std::vector<std::uint16_t> parts;
        while (!text.empty()) {
            std::size_t end = text.size();
            std::size_t length = 0;
            for (const std::string_view mark : marks)
                if (const std::size_t at = text.find(mark); at < end) {
                    end = at;
                    length = mark.size();
                }
            const std::uint32_t sector = words_.sectors.find(trim(text.substr(0, end)));
            if (sector == none || foreign_.count(sector) != 0) return {};
            parts.push_back(static_cast<std::uint16_t>(sector));
            text.remove_prefix(end + length);
        }
        return parts;
    }

    template <class F>
    static void for_items(std::string_view text, F&& f) {
        static constexpr std::string_view wide = "；";
        while (!text.empty()) {
            std::size_t end = text.find(';');
            std::size_t length = 1;
            const std::size_t other = text.find(wide);
            if (other < end) {
                end = other;
                length = wide.size();
            }
            const std::string_view item = trim(text.substr(0, end));
            if (!item.empty()) f(item);
            if (end == std::string_view::npos) return;
            text.remove_prefix(end + length);
        }
    }

    SetNo sectors_of(std::size_t table_index, std::size_t row, KindNo kind, bool& inferred) {
        const Table& one = given_[table_index];
        std::string scratch;
        const std::string_view text = cell_text(one.find("sectors"), row, scratch);
        if (!text.empty()) return set_of(table_index, row, text, false);
        if (kind == store_->known.sector) return 0;
        const Column* industry = one.find("industry");
        if (industry == nullptr) return 0;
        const std::string_view code = cell_text(industry, row, scratch);
        if (code.empty()) return 0;
        auto known = industry_sets_.find(std::string(code));
        if (known == industry_sets_.end()) {
            detail::IndustrySectors found = detail::sectors_of_industry(words_, code);
            Industry mapped;
            mapped.whole = found.whole;
            if (!found.whole) mapped.near = near_of(code);
            if (!found.sectors.empty()) {
                const auto [at, fresh] = set_numbers_.emplace(
                    found.sectors, static_cast<SetNo>(words_.sectors.sets.size()));
                if (fresh) words_.sectors.sets.push_back(std::move(found.sectors));
                mapped.set = at->second;
            }
            known = industry_sets_.emplace(code, std::move(mapped)).first;
        }
        const Industry& one_known = known->second;
        if (!one_known.whole)
            issue("graph.industry_unmapped", table_index, row, "industry", code, {one_known.near});
        inferred = one_known.set != 0;
        return one_known.set;
    }

    std::uint64_t links_of(std::size_t table_index, std::size_t row) {
        const Column* column = given_[table_index].find("links");
        if (column == nullptr) return 0;
        std::string scratch;
        std::uint64_t bits = 0;
        for_items(cell_text(column, row, scratch), [&](std::string_view word) {
            const auto known = words_.links.find(std::string(word));
            const auto [at, fresh] = link_numbers_.emplace(
                known == words_.links.end() ? std::string(word) : known->second,
                link_numbers_.size());
            if (fresh && at->second >= most_links)
                throw InputError("more than 64 different links (环节); the 65th is '" +
                                 std::string(word) + "'");
            bits |= std::uint64_t{1} << at->second;
        });
        return bits;
    }

    void index_ids() {
        Store& s = *store_;
        std::size_t slots = 16;
        while (slots < s.n() + s.n() / 2)
            slots *= 2;
        s.id_slots.assign(slots, 0);
        for (NodeNo v = 0; v < s.n(); ++v) {
            const std::string_view text = s.id(v);
            std::size_t slot = core_detail::hash_text(text, core_detail::IdKey(text)) & (slots - 1);
            while (s.id_slots[slot] != 0)
                slot = (slot + 1) & (slots - 1);
            s.id_slots[slot] = v + 1;
        }
    }

    // The node that a cell names: by id, or a division by any form of its code.
    NodeNo node_of(std::string_view text) const {
        if (text.empty()) return none;
        const NodeNo v = store_->find(text);
        if (v != none) return v;
        if (text[0] < '0' || text[0] > '9') return none;
        const auto code = DivisionCode::parse(text);
        return code ? store_->find(code->text()) : none;
    }

    // The one node that a cell calls by its name instead of its id; `several` says that more have
    // it. Of several the one of the kinds that may stand there (`kinds`; empty: any), and a unit is
    // no place where a body has its name: divisions are called after their committees.
    NodeNo by_name(std::size_t table_index, std::size_t row, std::string_view column,
                   std::string_view text, std::span<const KindNo> kinds, std::size_t& several) {
        if (text.empty()) return none;
        const Store& s = *store_;
        if (node_names_ == nullptr) {
            std::vector<std::pair<std::string_view, NodeNo>> codes;
            const std::size_t t = table_no("enterprises");
            const Column* code = t == no_table ? nullptr : given_[t].find("credit_code");
            if (code != nullptr && code->type() == ColumnType::text)
                for (NodeNo v = 0; v < s.n(); ++v)
                    if (s.node_table[v] == t && !code->is_missing(s.node_row[v]))
                        codes.emplace_back(trim(code->text(s.node_row[v])), v);
            node_names_ = std::make_unique<detail::NodeNames>(s, std::move(codes));
        }
        const Known& k = s.known;
        const auto fits = [&](NodeNo v) {
            if (column == "division") return s.is(v, k.region) || s.is(v, k.zone);
            if (column == "parent") return s.is(v, k.region);
            if (column == "enterprise") return s.is(v, k.enterprise);
            if (column == "controlling_post") return s.is(v, k.post);
            if (column == "unit")
                return !s.is(v, k.post) && !s.is(v, k.person) && !s.is(v, k.hazard) &&
                       !s.is(v, k.risk_point) && !s.is(v, k.task);
            return true;
        };
        auto found = node_names_->find(text, fits);
        if (found.count > 1) {
            const auto only = node_names_->find(text, [&](NodeNo v) {
                if (column == "unit") return fits(v) && !s.is(v, k.region);
                return fits(v) &&
                       std::find(kinds.begin(), kinds.end(), s.node_kind[v]) != kinds.end();
            });
            if (only.count == 1) found = only;
        }
        several = found.count;
        if (found.node == none) return none;
        Named& named = named_[{table_index, std::string(column)}];
        if (named.rows++ == 0) {
            named.row = row;
            named.text = text;
        }
        return found.node;
    }

    // The node that a cell means: by its id, else by a name that no other node has that may stand
    // there.
    NodeNo meant(std::size_t table_index, std::size_t row, std::string_view column,
                 std::string_view text, std::span<const KindNo> kinds, bool edge) {
        if (const NodeNo v = node_of(text); v != none) return v;
        std::size_t several = 0;
        const NodeNo v = by_name(table_index, row, column, text, kinds, several);
        if (v == none && several > 1)
            issue("graph.name_twice", table_index, row, column, text, {std::to_string(several)});
        else if (v == none)
            issue(text.empty() ? "graph.end_missing"
                  : edge       ? "graph.end_unknown"
                               : "graph.reference_unknown",
                  table_index, row, column, text);
        return v;
    }

    // Said once for a column, not for each of its rows.
    void report_names() {
        for (const auto& [where, named] : named_)
            issue("graph.found_by_name", where.first, named.row, where.second, named.text,
                  {std::to_string(named.rows)});
    }

    // The node named in a cell of a row of nodes; an unknown one is reported.
    NodeNo named(std::size_t table_index, std::size_t row, std::string_view column,
                 bool report = true) {
        std::string scratch;
        const std::string_view text = cell_text(given_[table_index].find(column), row, scratch);
        if (text.empty()) return none;
        if (report) return meant(table_index, row, column, text, {}, false);
        return node_of(text);
    }

    // ── where nodes belong, and the edges that columns imply ──

    void place_nodes() {
        Store& s = *store_;
        const Known& k = s.known;
        s.division.assign(s.n(), none);
        s.unit.assign(s.n(), none);
        check_divisions();
        for (NodeNo v = 0; v < s.n(); ++v) {
            const std::uint8_t table_index = s.node_table[v];
            const NodeKind& kind = s.kind_of(v);
            if (table_index == no_table) {
                part_of_code(v, table_index, s.node_row[v]);
                continue;
            }
            const std::uint32_t row = s.node_row[v];
            const Table& one = given_[table_index];
            if (one.origin().table == "divisions" || s.is(v, k.region)) {
                const NodeNo parent =
                    one.find("parent") != nullptr ? named(table_index, row, "parent") : none;
                if (parent != none)
                    derive(v, k.part_of, parent, table_index, row);
                else
                    part_of_code(v, table_index, row);
                continue;
            }
            s.division[v] =
                one.find("division") != nullptr ? named(table_index, row, "division") : none;
            if (s.division[v] == v) s.division[v] = none;
            NodeNo unit = none;
            if (one.find("unit") != nullptr) unit = named(table_index, row, "unit");
            if (unit == none && !s.is(v, k.enterprise) && one.find("enterprise") != nullptr)
                unit = named(table_index, row, "enterprise");
            s.unit[v] = unit == v ? none : unit;
            if (s.unit[v] != none) {
                if (s.is(v, k.post))
                    derive(s.unit[v], k.has_post, v, table_index, row);
                else if (kind.owned)
                    derive(v, k.belongs_to, s.unit[v], table_index, row);
            }
            if (s.division[v] != none) {
                if (kind.seated) derive(v, k.seated_in, s.division[v], table_index, row);
                if (kind.place) placed_.push_back(v);
            }
            if (s.is(v, k.risk_point) && one.find("controlling_post") != nullptr)
                if (const NodeNo post = named(table_index, row, "controlling_post"); post != none)
                    derive(post, k.controls_risk, v, table_index, row);
            if (s.is(v, k.hazard)) {
                const std::pair<std::string_view, KindNo> roles[] = {{"found_by", k.found},
                                                                     {"responsible", k.owns_hazard},
                                                                     {"verified_by", k.verifies},
                                                                     {"closed_by", k.closes}};
                for (const auto& [column, edge] : roles)
                    if (one.find(column) != nullptr)
                        // Registers write names here as often as ids: a name is no wrong id.
                        if (const NodeNo by = named(table_index, row, column, false); by != none)
                            derive(by, edge, v, table_index, row);
            }
        }
    }

    // Without a place no region answers for an enterprise: said once, not left to be guessed.
    void check_divisions() {
        const Table* enterprises = table("enterprises");
        if (enterprises == nullptr || enterprises->rows() == 0) return;
        const Column* division = enterprises->find("division");
        std::string scratch;
        if (division != nullptr)
            for (std::size_t row = 0; row < enterprises->rows(); ++row)
                if (!cell_text(division, row, scratch).empty()) return;
        store_->issues.add("graph.division_missing", enterprises->origin(), -1, "division");
    }

    void part_of_code(NodeNo v, std::uint8_t table_index, std::uint32_t row) {
        const auto code = DivisionCode::parse(store_->id(v));
        if (!code || code->level() == DivisionLevel::country) return;
        const NodeNo parent = store_->find(above(*code).text());
        if (parent != none && parent != v)
            derive(v, store_->known.part_of, parent, table_index, row);
    }

    void derive(NodeNo source, KindNo kind, NodeNo target, std::uint8_t table_index,
                std::uint32_t row) {
        if (kind == no_kind) return;
        Raw raw;
        raw.source = source;
        raw.target = target;
        raw.kind = kind;
        raw.flags = 128;
        raw.table = table_index;
        raw.row = row;
        raws_.push_back(raw);
    }

    // ── edges ──

    struct Raw {
        NodeNo source = none, target = none;
        std::uint32_t row = 0;
        KindNo kind = no_kind;
        std::uint8_t flags = 0, table = no_table;
    };

    template <class T>
    static bool cell_flag(const Column* column, std::size_t row, bool& value, T&& wrong) {
        if (column == nullptr || column->is_missing(row)) return false;
        if (column->type() == ColumnType::boolean) {
            value = column->boolean(row);
            return true;
        }
        std::string scratch;
        const std::string_view text = cell_text(column, row, scratch);
        Value cell;
        cell.type = Value::Type::text;
        cell.text = text;
        const auto yes = cell.yes();
        if (!yes) {
            wrong(text);
            return false;
        }
        value = *yes;
        return true;
    }

    void make_edges() {
        Store& s = *store_;
        const std::size_t t = table_no("edges");
        if (t != no_table) {
            const Table& one = given_[t];
            const Column& source = one.at("source");
            const Column& target = one.at("target");
            const Column& kind = one.at("kind");
            const Column* duty = one.find("duty");
            const Column* lead = one.find("lead");
            const Column* enforce = one.find("enforce");
            const Column* confidence = one.find("confidence");
            raws_.reserve(raws_.size() + one.rows());
            std::string scratch, kind_scratch, last_word;
            KindNo last_kind = no_kind;
            std::unordered_map<std::string, KindNo> words;
            constexpr std::size_t ahead = 32;
            std::array<std::string_view, 2 * ahead> coming;
            const bool texts =
                source.type() == ColumnType::text && target.type() == ColumnType::text;
            for (std::size_t row = 0; row < one.rows(); ++row) {
                if (texts && row % ahead == 0) {
                    const std::size_t some = std::min(ahead, one.rows() - row);
                    for (std::size_t i = 0; i < some; ++i) {
                        coming[2 * i] = trim(source.text(row + i));
                        coming[2 * i + 1] = trim(target.text(row + i));
                    }
                    s.fetch(std::span(coming).first(2 * some));
                }
                Raw raw;
                raw.table = static_cast<std::uint8_t>(t);
                raw.row = static_cast<std::uint32_t>(row);
                bool whole = true;
                const std::string_view word = cell_text(&kind, row, kind_scratch);
                if (word != last_word || row == 0) {
                    last_word = word;
                    const auto found = words.find(last_word);
                    last_kind = found != words.end()
                                    ? found->second
                                    : words.emplace(last_word, s.kinds->edge(word)).first->second;
                }
                raw.kind = last_kind;
                const auto end = [&](const Column& column, std::string_view name,
                                     std::span<const KindNo> kinds) {
                    const std::string_view text = cell_text(&column, row, scratch);
                    const NodeNo v = meant(t, row, name, text, kinds, true);
                    whole = whole && v != none;
                    return v;
                };
                const EdgeKind* const of =
                    raw.kind == no_kind ? nullptr : &s.kinds->edges()[raw.kind];
                const std::span<const KindNo> any;
                raw.source = end(source, "source", of == nullptr ? any : of->from);
                raw.target = end(target, "target", of == nullptr ? any : of->to);
                if (raw.kind == no_kind) {
                    issue("graph.edge_kind_unknown", t, row, "kind", word);
                    whole = false;
                }
                const Days days = whole ? days_of(t, row) : Days{1, 0};
                if (days.from > days.to) {
                    if (raw.kind == s.known.holds && raw.kind != no_kind && raw.target != none)
                        s.unclear_nodes["edges:HOLDS"].push_back(raw.target);
                    continue;
                }
                if (duty != nullptr && !duty->is_missing(row)) {
                    const std::string_view text = cell_text(duty, row, scratch);
                    const Duty found = duty_of(text);
                    if (found == Duty::unset) issue("graph.duty_unknown", t, row, "duty", text);
                    raw.flags |= static_cast<std::uint8_t>(found);
                }
                const auto flag = [&](const Column* column, std::string_view name,
                                      std::uint8_t bit) {
                    bool value = false;
                    if (cell_flag(column, row, value,
                                  [&](std::string_view text) {
                                      // Who writes what the column is called means yes.
                                      if (column == lead && text == "牵头")
                                          raw.flags |= bit;
                                      else
                                          issue("graph.not_yes_or_no", t, row, name, text);
                                  }) &&
                        value)
                        raw.flags |= bit;
                };
                flag(lead, "lead", 32);
                flag(enforce, "enforce", 64);
                if (confidence != nullptr && !confidence->is_missing(row)) {
                    const std::string_view text = cell_text(confidence, row, scratch);
                    if (text == "expanded" || text == "展开")
                        raw.flags |= 8;
                    else if (text == "inferred" || text == "推断")
                        raw.flags |= 16;
                    else if (text != "stated" && text != "载明")
                        issue("graph.confidence_unknown", t, row, "confidence", text);
                }
                if (fits_kind(raw, t, row)) raws_.push_back(raw);
            }
        }
        give_posts_units(t);
        // Villages, grids and zones lie where `division` says on the days on which no edge says
        // otherwise.
        const KindNo part_of_kind = s.known.part_of;
        std::unordered_map<NodeNo, std::vector<Days>> stated;
        for (const Raw& raw : raws_)
            if (raw.kind == part_of_kind && (raw.flags & 128U) == 0)
                stated[raw.source].push_back(days_of(t, raw.row, false));
        for (const NodeNo v : placed_) {
            if (const auto found = stated.find(v); found != stated.end()) {
                std::vector<Days> rest = days_between(found->second);
                if (rest.empty()) continue;
                derived_days_.emplace(v, std::move(rest));
            }
            derive(v, part_of_kind, s.division[v], s.node_table[v], s.node_row[v]);
        }
    }

    // A post that only rows HAS_POST give to a unit is of that unit: where they have no days
    // always, and of two the first in id order; else on each day as they say on it.
    void give_posts_units(std::size_t edges) {
        Store& s = *store_;
        std::unordered_map<NodeNo, NodeNo> of_unit;
        for (const Raw& raw : raws_) {
            if (raw.kind != s.known.has_post || (raw.flags & 128U) != 0 ||
                s.unit[raw.target] != none || !s.is(raw.target, s.known.post))
                continue;
            const auto [at, fresh] = of_unit.emplace(raw.target, raw.source);
            if (!fresh) at->second = std::min(at->second, raw.source);
            const Days days = days_of(edges, raw.row, false);
            if (days.from != always_from || days.to != always_to)
                s.posts_by_day.push_back(raw.target);
        }
        auto& posts = s.posts_by_day;
        std::sort(posts.begin(), posts.end());
        posts.erase(std::unique(posts.begin(), posts.end()), posts.end());
        for (const auto& [post, unit] : of_unit)
            if (!std::binary_search(posts.begin(), posts.end(), post)) s.unit[post] = unit;
    }

    // The days that spans leave open, ascending.
    static std::vector<Days> days_between(std::vector<Days>& spans) {
        std::sort(spans.begin(), spans.end(),
                  [](const Days& a, const Days& b) { return a.from < b.from; });
        std::vector<Days> rest;
        std::int32_t open = always_from;
        for (const Days& span : spans) {
            if (span.from > open) rest.push_back({open, span.from - 1});
            if (span.to == always_to) return rest;
            open = std::max(open, span.to + 1);
        }
        rest.push_back({open, always_to});
        return rest;
    }

    // An edge for each span of days of what holds on some days only; they stand together.
    void spread_derived() {
        if (derived_days_.empty()) return;
        std::vector<Raw> all;
        all.reserve(raws_.size() + derived_days_.size());
        for (const Raw& raw : raws_) {
            all.push_back(raw);
            if ((raw.flags & 128U) == 0 || raw.kind != store_->known.part_of) continue;
            if (const auto days = derived_days_.find(raw.source); days != derived_days_.end())
                all.insert(all.end(), days->second.size() - 1, raw);
        }
        raws_ = std::move(all);
    }

    static Duty duty_of(std::string_view word) {
        if (word == "first" || word == "第一责任") return Duty::first;
        if (word == "in_charge" || word == "分管") return Duty::in_charge;
        if (word == "portfolio" || word == "行业") return Duty::portfolio;
        if (word == "direct" || word == "直接") return Duty::direct;
        if (word == "post" || word == "岗位") return Duty::post;
        return Duty::unset;
    }

    // Whether the kind allows those ends. What it does not allow is no edge: a duty that nobody can
    // have is not had.
    bool fits_kind(const Raw& raw, std::size_t table_index, std::size_t row) {
        const Store& s = *store_;
        const EdgeKind& kind = s.kinds->edges()[raw.kind];
        const auto fits = [&](const std::vector<KindNo>& allowed, NodeNo v) {
            return allowed.empty() ||
                   std::find(allowed.begin(), allowed.end(), s.node_kind[v]) != allowed.end();
        };
        if (raw.source == raw.target)
            issue("graph.self_loop", table_index, row, "target", s.id(raw.target),
                  {kind.id, kind.zh});
        const bool from = fits(kind.from, raw.source), to = fits(kind.to, raw.target);
        if (!from)
            issue("graph.end_kind", table_index, row, "source", s.id(raw.source),
                  {kind.id, s.kind_of(raw.source).zh, kind.zh});
        if (!to)
            issue("graph.end_kind", table_index, row, "target", s.id(raw.target),
                  {kind.id, s.kind_of(raw.target).zh, kind.zh});
        return from && to;
    }

    void sort_edges() {
        Store& s = *store_;
        const auto key = [](const Raw& a) {
            return (std::uint64_t{a.source} << 8U) | std::uint64_t{a.kind};
        };
        const auto before = [&](const Raw& a, const Raw& b) {
            const std::uint64_t x = key(a), y = key(b);
            if (x != y) return x < y;
            if (a.target != b.target) return a.target < b.target;
            return false;
        };
        if (!std::is_sorted(raws_.begin(), raws_.end(), before))
            std::sort(raws_.begin(), raws_.end(), before);
        // Edges of one source, kind and target: few, and put in order by all that they say.
        std::vector<Details> details;
        std::vector<Raw> kept;
        std::size_t out = 0;
        for (std::size_t i = 0; i < raws_.size();) {
            std::size_t j = i + 1;
            while (j < raws_.size() && !before(raws_[i], raws_[j]))
                ++j;
            if (j - i > 1) {
                details.clear();
                for (std::size_t r = i; r < j; ++r)
                    details.push_back(details_of(raws_[r]));
                std::vector<std::size_t> order(j - i);
                std::iota(order.begin(), order.end(), std::size_t{0});
                std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
                    if (details[a].text != details[b].text)
                        return details[a].text < details[b].text;
                    return std::pair(raws_[i + a].table, raws_[i + a].row) <
                           std::pair(raws_[i + b].table, raws_[i + b].row);
                });
                kept.clear();
                for (std::size_t r = 0; r < order.size(); ++r) {
                    const Raw& raw = raws_[i + order[r]];
                    if (r > 0 && details[order[r]].text == details[order[r - 1]].text) {
                        if ((raw.flags & 128U) == 0)
                            issue("graph.edge_repeated", raw.table, raw.row, "target",
                                  s.id(raw.target));
                        continue;
                    }
                    kept.push_back(raw);
                }
                for (const Raw& raw : kept)
                    raws_[out++] = raw;
            } else {
                raws_[out++] = raws_[i];
            }
            i = j;
        }
        raws_.resize(out);
    }

    struct Details {
        std::string text;
    };

    // All that an edge says beside its ends and kind, in an order that means nothing but is one.
    // The order and the types of the columns do not matter, nor which word of a sector was used: a
    // graph out of its own JSON has its edges in the same places.
    Details details_of(const Raw& raw) {
        Details details;
        details.text.push_back(static_cast<char>(raw.flags));
        if ((raw.flags & 128U) != 0) return details;
        const Table& one = given_[raw.table];
        std::string scratch;
        const auto add = [&](std::string_view name, std::string_view cell) {
            if (cell.empty()) return;
            details.text += name;
            details.text.push_back('=');
            details.text += cell;
            details.text.push_back('\x1f');
        };
        const auto cell = [&](std::string_view name) {
            return cell_text(one.find(name), raw.row, scratch);
        };
        const Days days = days_of(raw.table, raw.row, false);
        if (days.from != always_from) add("valid_from", Date(days.from).text());
        if (days.to != always_to) add("valid_to", Date(days.to).text());
        for (const std::string_view name : {"sectors", "links"}) {
            std::set<std::string, std::less<>> items;
            for_items(cell(name), [&](std::string_view word) {
                if (name == "links") {
                    const auto known = words_.links.find(std::string(word));
                    items.emplace(known == words_.links.end() ? std::string(word) : known->second);
                } else {
                    const std::uint32_t sector = words_.sectors.find(word);
                    items.emplace(sector == none ? std::string(word)
                                                 : words_.sectors.all[sector].id);
                }
            });
            std::string joined;
            for (const std::string& item : items)
                joined += (joined.empty() ? "" : ";") + item;
            add(name, joined);
        }
        add("document", cell("document"));
        add("clause", cell("clause"));
        std::map<std::string_view, std::size_t> others;
        for (std::size_t c = 0; c < one.size(); ++c)
            if (std::find(std::begin(copied_of_edges), std::end(copied_of_edges), one.name(c)) ==
                std::end(copied_of_edges))
                others.emplace(one.name(c), c);
        for (const auto& [name, c] : others)
            add(name, cell_text(&one.column(c), raw.row, scratch));
        add("attributes", cell("attributes"));
        return details;
    }

    void index_edges() {
        Store& s = *store_;
        const std::size_t m = raws_.size();
        if (m >= none) throw InputError("more than 2^32 - 2 edges");
        const std::size_t n = s.n();
        const std::size_t t = table_no("edges");
        const Table* one = t == no_table ? nullptr : &given_[t];
        const auto column = [&](std::string_view name) {
            return one == nullptr ? nullptr : one->find(name);
        };
        const Column* sectors = column("sectors");
        const Column* links = column("links");
        const Column* document = column("document");
        const Column* clause = column("clause");
        const bool dated = column("valid_from") != nullptr || column("valid_to") != nullptr;
        s.source.resize(m);
        s.target.resize(m);
        s.edge_kind.resize(m);
        s.flags.resize(m);
        s.edge_table.resize(m);
        s.edge_row.resize(m);
        if (sectors != nullptr) s.edge_sectors.assign(m, 0);
        if (links != nullptr) s.edge_links.assign(m, 0);
        if (dated) {
            s.edge_from.assign(m, always_from);
            s.edge_to.assign(m, always_to);
        }
        if (document != nullptr) s.document.assign(m, 0);
        if (clause != nullptr) s.clause.assign(m, 0);
        s.out_offsets.assign(n + 1, 0);
        s.in_offsets.assign(n + 1, 0);
        std::string scratch;
        for (std::size_t e = 0; e < m; ++e) {
            const Raw& raw = raws_[e];
            s.source[e] = raw.source;
            s.target[e] = raw.target;
            s.edge_kind[e] = raw.kind;
            s.flags[e] = raw.flags;
            s.edge_table[e] = raw.table;
            s.edge_row[e] = raw.row;
            ++s.out_offsets[raw.source + 1];
            ++s.in_offsets[raw.target + 1];
            if ((raw.flags & 128U) != 0) {
                if (derived_days_.empty() || raw.kind != s.known.part_of) continue;
                if (const auto days = derived_days_.find(raw.source); days != derived_days_.end()) {
                    // Edges of one source, kind and target stand together: the first is as many
                    // places back as there are spans before.
                    std::size_t k = 0;
                    while (k < e && raws_[e - k - 1].source == raw.source &&
                           raws_[e - k - 1].kind == raw.kind &&
                           raws_[e - k - 1].target == raw.target &&
                           (raws_[e - k - 1].flags & 128U) != 0)
                        ++k;
                    s.edge_from[e] = days->second[k].from;
                    s.edge_to[e] = days->second[k].to;
                }
                continue;
            }
            if (sectors != nullptr)
                s.edge_sectors[e] = set_of(t, raw.row, cell_text(sectors, raw.row, scratch), true);
            if (links != nullptr) s.edge_links[e] = links_of(t, raw.row);
            if (dated) {
                const Days days = days_of(t, raw.row, false);
                s.edge_from[e] = days.from;
                s.edge_to[e] = days.to;
            }
            if (document != nullptr)
                s.document[e] = s.texts.intern(cell_text(document, raw.row, scratch));
            if (clause != nullptr)
                s.clause[e] = s.texts.intern(cell_text(clause, raw.row, scratch));
        }
        raws_ = {};
        std::partial_sum(s.out_offsets.begin(), s.out_offsets.end(), s.out_offsets.begin());
        std::partial_sum(s.in_offsets.begin(), s.in_offsets.end(), s.in_offsets.begin());
        // Edges run by source, so those of one target come by source; by kind they are put after.
        s.in_edges.resize(m);
        std::vector<std::uint32_t> at(s.in_offsets.begin(), s.in_offsets.end());
        for (std::size_t e = 0; e < m; ++e)
            s.in_edges[at[s.target[e]]++] = static_cast<EdgeNo>(e);
        for (std::size_t v = 0; v < n; ++v) {
            const auto first = s.in_edges.begin() + s.in_offsets[v];
            const auto last = s.in_edges.begin() + s.in_offsets[v + 1];
            const auto by_kind = [&](EdgeNo a, EdgeNo b) {
                if (s.edge_kind[a] != s.edge_kind[b]) return s.edge_kind[a] < s.edge_kind[b];
                return a < b;
            };
            if (!std::is_sorted(first, last, by_kind)) std::sort(first, last, by_kind);
        }
        finish_words();
    }

    // Sectors and links in the order of their names, whatever the order of the rows.
    void finish_words() {
        Store& s = *store_;
        add_sector_nodes();
        detail::finish_sectors(words_.sectors);
        s.sectors = std::move(words_.sectors);
        s.sectors.link_words = std::move(words_.links);
        std::vector<std::uint64_t> place(link_numbers_.size());
        for (const auto& [word, number] : link_numbers_) {
            place[number] = s.links.size();
            s.links.push_back(word);
        }
        const auto move = [&](std::vector<std::uint64_t>& column) {
            for (std::uint64_t& bits : column) {
                std::uint64_t moved = 0;
                for (std::size_t i = 0; i < place.size(); ++i)
                    if (((bits >> i) & 1U) != 0) moved |= std::uint64_t{1} << place[i];
                bits = moved;
            }
        };
        move(s.node_links);
        move(s.edge_links);
    }

    // Nodes of kind sector: their flags go before the pack's, and they stand in the tree.
    void add_sector_nodes() {
        Store& s = *store_;
        Sectors& sectors = words_.sectors;
        if (s.known.sector == no_kind) return;
        std::vector<NodeNo> nodes;
        for (NodeNo v = 0; v < s.n(); ++v)
            if (s.is(v, s.known.sector)) nodes.push_back(v);
        for (const NodeNo v : nodes)
            if (sectors.find(s.id(v)) == none) detail::add_sector(sectors, s.id(v), s.name(v));
        for (const NodeNo v : nodes) {
            auto& sector = sectors.all[sectors.find(s.id(v))];
            const Table& one = given_[s.node_table[v]];
            const auto flag = [&](std::string_view name, bool& value) {
                const Column* column = one.find(name);
                bool read = false;
                const bool said = cell_flag(column, s.node_row[v], read, [](std::string_view) {});
                if (said) value = read;
                return said;
            };
            if (flag("high_risk", sector.high_risk)) sector.high_risk_said = true;
            flag("emerging", sector.emerging);
            flag("cross_function", sector.cross_function);
            flag("registered_engineer", sector.registered_engineer);
            flag("insurance", sector.insurance);
            for (EdgeNo e = s.out_offsets[v]; e < s.out_offsets[v + 1]; ++e)
                if (s.edge_kind[e] == s.known.part_of && s.is(s.target[e], s.known.sector)) {
                    const std::uint32_t parent = sectors.find(s.id(s.target[e]));
                    if (parent != none) sector.parent = parent;
                }
        }
    }

    // ── attributes, records, duties ──

    void read_attributes() {
        Store& s = *store_;
        AttributeReader of_nodes, of_edges;
        const auto read = [&](AttributeReader& reader, std::uint32_t who, std::size_t table_index,
                              std::uint32_t row) {
            const Column* column = given_[table_index].find("attributes");
            if (column == nullptr || column->is_missing(row)) return;
            std::string scratch;
            const std::string_view text = cell_text(column, row, scratch);
            if (!reader.read(who, text))
                issue("graph.attributes_malformed", table_index, row, "attributes", text);
        };
        for (NodeNo v = 0; v < s.n(); ++v)
            if (s.node_table[v] != no_table) read(of_nodes, v, s.node_table[v], s.node_row[v]);
        const std::size_t t = table_no("edges");
        if (t != no_table && given_[t].find("attributes") != nullptr)
            for (EdgeNo e = 0; e < s.m(); ++e)
                if (!s.derived(e)) read(of_edges, e, t, s.edge_row[e]);
        s.node_attributes = of_nodes.finish();
        s.edge_attributes = of_edges.finish();
        for (auto* list : {&s.node_attributes, &s.edge_attributes})
            for (auto& sparse : *list) {
                const bool edges = list == &s.edge_attributes;
                auto kept = std::make_shared<Sparse>(*sparse);
                const std::vector<std::uint32_t> wrong = detail::read_typed(
                    *kept,
                    [&](std::uint32_t who) {
                        return edges ? std::pair(t, s.edge_row[who])
                                     : std::pair<std::size_t, std::uint32_t>(s.node_table[who],
                                                                             s.node_row[who]);
                    },
                    given_, s.issues);
                if (wrong.empty()) continue;
                (edges ? s.unclear_edges : s.unclear_nodes).emplace(kept->name, wrong);
                sparse = std::move(kept);
            }
    }

    // A zone without a level has that of its `rank`.
    void rank_zones() {
        Store& s = *store_;
        const Store::Attribute rank = s.attribute("rank");
        if (!rank.anywhere()) return;
        for (NodeNo v = 0; v < s.n(); ++v) {
            if (!s.is(v, s.known.zone) || s.level[v] != no_level) continue;
            const auto level = rank.at(v).as_number();
            if (level && *level >= 0 && *level <= 5 && *level == static_cast<int>(*level))
                s.level[v] = static_cast<std::uint8_t>(*level);
        }
    }

    void read_records() {
        Store& s = *store_;
        const std::size_t t = table_no("records");
        if (t == no_table) return;
        const Table& one = given_[t];
        Records& records = s.records;
        records.given = true;
        records.table = one;
        const Column& subject = one.at("subject");
        const Column& action = one.at("action");
        const Column* object = one.find("object");
        const Column& date = one.at("date");
        const Column* values = one.find("values");
        const std::size_t n = one.rows();
        std::map<std::string, std::uint32_t, std::less<>> actions;
        std::vector<std::uint32_t> word(n, none);
        std::string scratch;
        AttributeReader reader;
        records.subject.assign(n, none);
        records.object.assign(n, none);
        records.date.assign(n, always_from);
        const std::vector<std::uint8_t> left_out = repeated_records(t);
        for (std::size_t row = 0; row < n; ++row) {
            if (left_out[row] != 0) continue;
            records.subject[row] = named(t, row, "subject");
            if (subject.is_missing(row)) issue("graph.end_missing", t, row, "subject");
            if (object != nullptr) records.object[row] = named(t, row, "object");
            const std::string_view text = cell_text(&action, row, scratch);
            if (text.empty())
                issue("graph.action_missing", t, row, "action");
            else
                word[row] = actions.emplace(action_id(text), actions.size()).first->second;
            if (date.type() == ColumnType::date && !date.is_missing(row)) {
                records.date[row] = date.date(row).days_since_1970();
            } else {
                const std::string_view day = cell_text(&date, row, scratch);
                if (const auto parsed = read_day(day))
                    records.date[row] = parsed->days_since_1970();
                else
                    issue("graph.date_malformed", t, row, "date", day);
            }
            if (values != nullptr && !values->is_missing(row)) {
                const std::string_view json = cell_text(values, row, scratch);
                if (!reader.read(static_cast<std::uint32_t>(row), json))
                    issue("graph.attributes_malformed", t, row, "values", json);
            }
        }
        if (actions.size() >= 0xffff) throw InputError("records: more than 65534 actions");
        std::vector<std::uint16_t> place(actions.size());
        for (const auto& [text, number] : actions) {
            place[number] = static_cast<std::uint16_t>(records.actions.size());
            records.actions.push_back(text);
        }
        records.action.resize(n);
        for (std::size_t row = 0; row < n; ++row)
            records.action[row] = word[row] == none ? std::uint16_t{0xffff} : place[word[row]];
        records.first.assign(records.actions.size(), always_to);
        for (std::size_t row = 0; row < n; ++row)
            if (word[row] != none && records.date[row] != always_from) {
                std::int32_t& first = records.first[records.action[row]];
                first = std::min(first, records.date[row]);
            }
        for (const auto& read : reader.finish()) {
            auto sparse = std::make_shared<Sparse>(*read);
            const std::vector<std::uint32_t> wrong = detail::read_typed(
                *sparse, [&](std::uint32_t row) { return std::pair(t, row); }, given_, s.issues);
            for (const std::uint32_t row : wrong)
                records.mark_unclear(row, sparse->name == "valid_to" ? Records::end_unclear
                                                                     : Records::value_unclear);
            Records::Key key;
            key.name = sparse->name;
            for (std::size_t i = 0; i < sparse->who.size(); ++i)
                key.cells.emplace_back(sparse->who[i], sparse->values[i]);
            if (sparse->texts != nullptr) records.texts = sparse->texts;
            records.keys.push_back(std::move(key));
        }
        const auto by_date = [&](std::uint32_t a, std::uint32_t b) {
            return std::pair(records.date[a], a) < std::pair(records.date[b], b);
        };
        group(records.subject, records.subject_offsets, records.subject_rows, by_date);
        group(records.object, records.object_offsets, records.object_rows, by_date);
    }

    // Records whose id other records have: equal ones count once, of others none does.
    std::vector<std::uint8_t> repeated_records(std::size_t t) {
        const Table& one = given_[t];
        std::vector<std::uint8_t> left_out(one.rows(), 0);
        const Column* const ids = one.find("id");
        if (ids == nullptr) return left_out;
        each_repeated(one, *ids, {}, [&](std::size_t row, bool equal) {
            left_out[row] = 1;
            issue(equal ? "graph.row_repeated" : "graph.id_conflict", t, row, "id",
                  ids->print(row));
        });
        return left_out;
    }

    template <class Before>
    void group(const std::vector<NodeNo>& nodes, std::vector<std::uint32_t>& offsets,
               std::vector<std::uint32_t>& rows, Before before) const {
        offsets.assign(store_->n() + 1, 0);
        std::size_t known = 0;
        for (const NodeNo v : nodes)
            if (v != none) {
                ++offsets[v + 1];
                ++known;
            }
        std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
        rows.resize(known);
        std::vector<std::uint32_t> at(offsets.begin(), offsets.end());
        for (std::uint32_t row = 0; row < nodes.size(); ++row)
            if (nodes[row] != none) rows[at[nodes[row]]++] = row;
        for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
            std::sort(rows.begin() + offsets[v], rows.begin() + offsets[v + 1], before);
    }

    void read_duties() {
        Store& s = *store_;
        const std::size_t t = table_no("duties");
        if (t == no_table) return;
        s.duties.given = true;
        s.duties.table = given_[t];
        const Column& subject = given_[t].at("subject");
        std::string scratch;
        s.duties.subject.assign(given_[t].rows(), none);
        for (std::size_t row = 0; row < given_[t].rows(); ++row) {
            const std::string_view text = cell_text(&subject, row, scratch);
            if (text.empty())
                issue("graph.end_missing", t, row, "subject");
            else if (text.front() != '{')
                s.duties.subject[row] = named(t, row, "subject");
        }
        s.duties.from.assign(given_[t].rows(), always_from);
        s.duties.to.assign(given_[t].rows(), always_to);
        for (std::size_t row = 0; row < given_[t].rows(); ++row) {
            const Days days = days_of(t, row);
            s.duties.from[row] = days.from;
            s.duties.to[row] = days.to;
        }
        group(s.duties.subject, s.duties.offsets, s.duties.rows, std::less<>());
    }

    void check_jurisdiction() {
        for (const std::string& id : options_.jurisdiction) {
            const NodeNo v = node_of(id);
            if (v == none)
                throw InputError("jurisdiction: '" + id + "' is no division or zone of the graph");
            store_->jurisdiction_given.emplace_back(store_->id(v));
        }
        store_->data_date = options_.data_date;
    }

    // What was copied need not be kept twice.
    void keep_tables() {
        Store& s = *store_;
        detail::note_given(s, given_);
        std::vector<std::size_t> wrong;
        for (std::size_t t = 0; t < given_.size(); ++t) {
            const Table& one = given_[t];
            const std::string& name = one.origin().table;
            const std::span<const std::string_view> copied =
                name == "edges" ? std::span<const std::string_view>(copied_of_edges)
                                : std::span<const std::string_view>(copied_of_nodes);
            Table kept(one.origin());
            // Records and duties keep theirs in their own places.
            if (name != "records" && name != "duties")
                for (std::size_t c = 0; c < one.size(); ++c)
                    if (std::find(copied.begin(), copied.end(), one.name(c)) == copied.end()) {
                        kept.add(one.name(c), detail::read_typed(one, c, s.issues, wrong));
                        note_unclear(t, one.name(c), wrong);
                    }
            if (name == "records") {
                // Cells of the column are read by the store's table of records itself.
                for (std::size_t c = 0; c < one.size(); ++c)
                    if (one.name(c) == "count") detail::read_typed(one, c, s.issues, wrong);
            }
            s.tables.push_back(std::move(kept));
        }
        for (auto* all : {&s.unclear_nodes, &s.unclear_edges})
            for (auto& [column, who] : *all) {
                std::sort(who.begin(), who.end());
                who.erase(std::unique(who.begin(), who.end()), who.end());
            }
    }

    // Nodes or edges of the rows whose cells of a column cannot be used.
    void note_unclear(std::size_t t, const std::string& column,
                      const std::vector<std::size_t>& rows) {
        if (rows.empty()) return;
        Store& s = *store_;
        const bool edges = t == table_no("edges");
        const auto& tables = edges ? s.edge_table : s.node_table;
        const auto& row_of = edges ? s.edge_row : s.node_row;
        auto& who = (edges ? s.unclear_edges : s.unclear_nodes)[column];
        for (std::uint32_t v = 0; v < tables.size(); ++v)
            if (tables[v] == t && !(edges && s.derived(v)) &&
                std::binary_search(rows.begin(), rows.end(), std::size_t{row_of[v]}))
                who.push_back(v);
    }

    std::vector<Table> given_;
    const GraphOptions& options_;
    detail::SectorWords words_;
    std::shared_ptr<Store> store_;
    std::vector<Part> parts_;
    Column all_ids_;
    std::unique_ptr<IdNumbers> numbers_;
    std::vector<KindNo> row_kind_;
    std::vector<std::uint32_t> chosen_;
    std::unordered_map<std::uint32_t, std::int32_t> since_;
    std::vector<DivisionCode> made_;
    std::size_t first_made_ = 0;
    std::unordered_map<std::uint64_t, DivisionCode> codes_;
    std::unordered_map<std::string, KindNo> kind_words_, post_words_;
    struct Industry {  // what a cell of `industry` leads to
        SetNo set = 0;
        bool whole = true;  // all of it was understood
        std::string near;
    };
    std::unordered_map<std::string, SetNo> set_words_;
    std::unordered_map<std::string, Industry> industry_sets_;
    std::unordered_map<std::string, std::string> near_;
    std::size_t pack_sectors_ = 0;
    std::map<std::vector<std::uint16_t>, SetNo> set_numbers_;
    std::unordered_set<std::uint32_t> foreign_;
    std::unordered_set<SetNo> unknown_;
    std::map<std::string, std::uint64_t, std::less<>> link_numbers_;
    struct Named {  // rows of a column that write names
        std::size_t rows = 0, row = 0;
        std::string text;
    };
    std::unique_ptr<detail::NodeNames> node_names_;
    std::map<std::pair<std::size_t, std::string>, Named> named_;
    std::vector<NodeNo> placed_;
    std::unordered_map<NodeNo, std::vector<Days>> derived_days_;  // of PART_OF, by source
    std::vector<Raw> raws_;
};

}  // namespace

ResponsibilityGraph ResponsibilityGraph::build(std::vector<Table> tables,
                                               const GraphOptions& options) {
    return ResponsibilityGraph(Builder(std::move(tables), options).build());
}

}  // namespace safetyrisk::graph
