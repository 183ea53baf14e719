#include "lexicon.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::plan {
namespace {

bool ends_with(Chars chars, Chars end) {
    return chars.size() >= end.size() && chars.substr(chars.size() - end.size()) == end;
}
bool starts_with(Chars chars, Chars start) {
    return chars.substr(0, start.size()) == start;
}

// Longer words before shorter ones that they end or begin with.
constexpr Predicate predicates[] = {
    {u"牵头组织开展", Role::lead, true},
    {u"牵头组织实施", Role::lead, true},
    {u"牵头抓总", Role::lead, true},
    {u"牵头组织", Role::lead, true},
    {u"牵头负责", Role::lead, true},
    {u"负责牵头", Role::lead, true},
    {u"牵头实施", Role::lead, true},
    {u"牵头落实", Role::lead, true},
    {u"牵头开展", Role::lead, true},
    {u"牵头推进", Role::lead, true},
    {u"牵头", Role::lead, true},
    {u"主办", Role::lead, false},
    {u"负总责", Role::lead, true},
    {u"总负责", Role::lead, true},
    {u"按照各自职责分工负责", Role::share, true},
    {u"按各自职责分工负责", Role::share, true},
    {u"按照职责分工负责", Role::share, true},
    {u"按职责分工负责", Role::share, true},
    {u"根据职责分工负责", Role::share, true},
    {u"依职责分工负责", Role::share, true},
    {u"按照各自职责负责", Role::share, true},
    {u"按各自职责负责", Role::share, true},
    {u"按照职责负责", Role::share, true},
    {u"按职责负责", Role::share, true},
    {u"依职责负责", Role::share, true},
    {u"各负其责", Role::share, true},
    {u"齐抓共管", Role::share, false},
    {u"分工负责", Role::share, true},
    {u"分别负责", Role::share, true},
    {u"具体负责", Role::responsible, true},
    {u"共同负责", Role::responsible, true},
    {u"负责落实", Role::implement, false},
    {u"负责实施", Role::implement, false},
    {u"负责", Role::responsible, true},
    {u"协同配合", Role::assist, false},
    {u"积极配合", Role::assist, false},
    {u"密切配合", Role::assist, false},
    {u"配合", Role::assist, true},
    {u"协助", Role::assist, true},
    {u"参与", Role::assist, false},
    {u"参加", Role::assist, false},
    {u"协办", Role::assist, true},
    {u"支持", Role::assist, false},
    {u"督促指导", Role::supervise, false},
    {u"指导督促", Role::supervise, false},
    {u"监督指导", Role::supervise, false},
    {u"指导监督", Role::supervise, false},
    {u"督促检查", Role::supervise, false},
    {u"监督检查", Role::supervise, false},
    {u"督促落实", Role::supervise, false},
    {u"监督落实", Role::supervise, false},
    {u"跟踪督办", Role::supervise, false},
    {u"督促", Role::supervise, false},
    {u"监督", Role::supervise, false},
    {u"督导", Role::supervise, false},
    {u"指导", std::nullopt, false},
    {u"组织落实", Role::implement, false},
    {u"具体落实", Role::implement, false},
    {u"抓好落实", Role::implement, false},
    {u"贯彻落实", Role::implement, false},
    {u"贯彻执行", Role::implement, false},
    {u"具体实施", Role::implement, false},
    {u"组织实施", Role::organize, false},
    {u"落实", Role::implement, false},
    {u"实施", Role::implement, false},
    {u"组织推动", Role::organize, false},
    {u"组织推进", Role::organize, false},
    {u"协同", Role::joint, false},
    {u"总牵头", Role::lead, true},
    {u"组织开展", Role::organize, false},
    {u"统筹协调", Role::organize, false},
    {u"统筹", Role::organize, false},
    {u"部署", Role::organize, false},
    {u"组织", Role::organize, false},
};

constexpr Chars adverbs[] = {u"按照各自职责分工",
                             u"按各自职责分工",
                             u"按照职责分工",
                             u"根据职责分工",
                             u"按职责分工",
                             u"依职责分工",
                             u"按照各自职责",
                             u"根据各自职责",
                             u"按各自职责",
                             u"按照职责",
                             u"根据职责",
                             u"依据职责",
                             u"按职责",
                             u"依职责",
                             u"结合实际",
                             u"结合职责",
                             u"分工",
                             u"共同",
                             u"密切",
                             u"积极",
                             u"分别",
                             u"具体",
                             u"认真",
                             u"抓好",
                             u"做好",
                             u"全面",
                             u"协同",
                             u"主动",
                             u"依法",
                             u"全力",
                             u"联合",
                             u"同时",
                             u"应予",
                             u"予以",
                             u"给予",
                             u"应当",
                             u"负责",
                             u"要",
                             u"应",
                             u"共"};

constexpr Label labels[] = {
    {u"牵头责任单位", Label::Kind::units, Role::lead},
    {u"主要责任单位", Label::Kind::units, Role::responsible},
    {u"责任单位和人员", Label::Kind::units, Role::responsible},
    {u"配合责任单位", Label::Kind::units, Role::assist},
    {u"牵头单位", Label::Kind::units, Role::lead},
    {u"牵头部门", Label::Kind::units, Role::lead},
    {u"主办单位", Label::Kind::units, Role::lead},
    {u"主责单位", Label::Kind::units, Role::lead},
    {u"主责部门", Label::Kind::units, Role::lead},
    {u"牵头领导", Label::Kind::persons, Role::lead},
    {u"责任单位", Label::Kind::units, Role::responsible},
    {u"责任部门", Label::Kind::units, Role::responsible},
    {u"责任科室", Label::Kind::units, Role::responsible},
    {u"责任主体", Label::Kind::units, Role::responsible},
    {u"承办单位", Label::Kind::units, Role::responsible},
    {u"配合单位", Label::Kind::units, Role::assist},
    {u"配合部门", Label::Kind::units, Role::assist},
    {u"协办单位", Label::Kind::units, Role::assist},
    {u"协助单位", Label::Kind::units, Role::assist},
    {u"参加单位", Label::Kind::units, Role::assist},
    {u"参与单位", Label::Kind::units, Role::assist},
    {u"参与部门", Label::Kind::units, Role::assist},
    {u"落实单位", Label::Kind::units, Role::implement},
    {u"实施单位", Label::Kind::units, Role::implement},
    {u"监督单位", Label::Kind::units, Role::supervise},
    {u"督促单位", Label::Kind::units, Role::supervise},
    {u"督办单位", Label::Kind::units, Role::supervise},
    {u"组织单位", Label::Kind::units, Role::organize},
    {u"责任领导", Label::Kind::persons, Role::responsible},
    {u"分管领导", Label::Kind::persons, Role::responsible},
    {u"责任人", Label::Kind::persons, Role::responsible},
    {u"联系人", Label::Kind::persons, Role::responsible},
    {u"完成时限", Label::Kind::time, Role::responsible},
    {u"完成时间", Label::Kind::time, Role::responsible},
    {u"整改时限", Label::Kind::time, Role::responsible},
    {u"时间节点", Label::Kind::time, Role::responsible},
    {u"时间要求", Label::Kind::time, Role::responsible},
    {u"时限要求", Label::Kind::time, Role::responsible},
    {u"工作时限", Label::Kind::time, Role::responsible},
    {u"办理时限", Label::Kind::time, Role::responsible},
    {u"时限", Label::Kind::time, Role::responsible},
    {u"备注", Label::Kind::text, Role::responsible},
    // Short ones are labels only before a colon.
    {u"牵头", Label::Kind::units, Role::lead},
    {u"主责", Label::Kind::units, Role::responsible},
    {u"责任", Label::Kind::units, Role::responsible},
    {u"配合", Label::Kind::units, Role::assist},
    {u"协助", Label::Kind::units, Role::assist},
    {u"落实", Label::Kind::units, Role::implement},
    {u"督办", Label::Kind::units, Role::supervise},
};

// What names of units end with.
constexpr Chars unit_ends[] = {
    u"委员会",   u"办公室", u"管委会",   u"管理处", u"领导小组", u"工作专班", u"专班",   u"指挥部",
    u"联席会议", u"部门",   u"单位",     u"政府",   u"党委",     u"党工委",   u"工委",   u"工管委",
    u"党组",     u"市委",   u"县委",     u"区委",   u"省委",     u"镇委",     u"团委",   u"妇联",
    u"工商联",   u"残联",   u"文联",     u"法院",   u"检察院",   u"支队",     u"大队",   u"总队",
    u"中队",     u"救援队", u"派出所",   u"司法所", u"卫生院",   u"医院",     u"学校",   u"学院",
    u"大学",     u"中心",   u"公司",     u"集团",   u"机构",     u"协会",     u"银行",   u"电视台",
    u"报社",     u"融媒体", u"供电所",   u"监管所", u"服务站",   u"工作站",   u"管理站", u"机关",
    u"工作组",   u"运营商", u"中学",     u"小学",   u"幼儿园",   u"高校",     u"院校",   u"基地",
    u"联盟",     u"商会",   u"车务段",   u"工务段", u"街道",     u"乡镇",     u"镇街",   u"社区",
    u"园区",     u"开发区", u"高新区",   u"新区",   u"保税区",   u"景区",     u"港区",   u"林场",
    u"农场",     u"专委会", u"安委会",   u"安委办", u"专委办",   u"消安委",   u"防火委", u"减灾委",
    u"监委",     u"网信办", u"国资委",   u"发改委", u"卫健委",   u"编办",     u"工会",   u"各地",
    u"各级",     u"属地",   u"各县市区", u"县市区", u"县区",     u"市区",     u"各区",   u"各县",
    u"各市",     u"各镇",   u"各乡",     u"各村",   u"车间",     u"班组",     u"科室",   u"分局",
    u"分公司",   u"子公司", u"项目部",   u"企业",   u"矿井",     u"煤矿",     u"工区",   u"网格",
    u"国动办",   u"台办",   u"侨办",     u"外办",   u"信访局",   u"安监办",   u"应急办", u"燃气办"};
constexpr Chars unit_last = u"局委办部厅署会室队处科所站院校段区市县乡镇村旗场社库团股矿厂";

// Words that end as units do and are none.
constexpr Chars no_units[] = {u"社会",   u"市场",   u"现场", u"会场", u"部署", u"阶段",   u"手段",
                              u"路段",   u"督办",   u"交办", u"查办", u"承办", u"查处",   u"全部",
                              u"干部",   u"内部",   u"外部", u"场所", u"例会", u"推进会", u"现场会",
                              u"调度会", u"专题会", u"机会", u"之处", u"辖区", u"地区",   u"厂区",
                              u"库区",   u"矿区",   u"车站", u"仓库", u"水库", u"渔村",   u"农村"};

// Functions by which departments are called in short lists (城管、公安、交通运输等部门).
constexpr Chars short_names[] = {
    u"应急",         u"应急管理", u"公安",     u"交警",   u"消防",     u"消防救援", u"住建",
    u"住房城乡建设", u"交通",     u"交通运输", u"城管",   u"综合执法", u"经信",     u"工信",
    u"发改",         u"教育",     u"科技",     u"民政",   u"司法",     u"财政",     u"人社",
    u"自然资源",     u"生态环境", u"环保",     u"水利",   u"水务",     u"农业农村", u"农业",
    u"商务",         u"文旅",     u"文化旅游", u"文广旅", u"卫健",     u"卫生健康", u"市场监管",
    u"市监",         u"林业",     u"体育",     u"气象",   u"国资",     u"能源",     u"邮政",
    u"海事",         u"供电",     u"电力",     u"质监",   u"工商",     u"安监",     u"旅游",
    u"宣传",         u"组织",     u"海洋渔业", u"渔业",   u"民宗",     u"文物",     u"人防",
    u"粮食",         u"供销",     u"规划",     u"建设",   u"矿山",     u"纪检监察", u"审批",
    u"行政审批",     u"退役军人", u"统计",     u"医保",   u"金融",     u"铁路",     u"民航",
    u"通信"};

constexpr Chars person_ends[] = {
    u"负责人", u"主任", u"副主任", u"局长",   u"书记",   u"县长", u"区长", u"市长", u"镇长",
    u"乡长",   u"主席", u"领导",   u"人员",   u"班长",   u"组长", u"厂长", u"经理", u"总监",
    u"同志",   u"专家", u"网格员", u"网格长", u"安全员", u"干部", u"职工", u"员工", u"队伍"};

// Words that no name of a unit holds: where one stands, running text has been taken for a name.
constexpr Chars not_in_names[] = {
    u"。",     u":",    u"要求", u"开展",   u"推动", u"推进", u"加强", u"加大",   u"强化",
    u"完善",   u"健全", u"严格", u"确保",   u"坚持", u"通过", u"按照", u"根据",   u"对于",
    u"不得",   u"必须", u"应当", u"采取",   u"实行", u"进行", u"提高", u"建立",   u"制定",
    u"组织对", u"督促", u"指导", u"引导",   u"鼓励", u"深入", u"深化", u"持续",   u"全面",
    u"进一步", u"认真", u"切实", u"积极",   u"充分", u"严厉", u"依法", u"加快",   u"明确",
    u"每月",   u"每年", u"每季", u"每半年", u"每周", u"月底", u"年底", u"以及其", u"并对",
    u"纳入",   u"结合", u"围绕", u"聚焦",   u"针对", u"为主", u"牵头", u"配合",   u"落实",
    u"负责",   u"接受"};

}  // namespace

const Predicate* predicate_at_end(Chars chars) {
    static constexpr CharSet last(u"与促办加动助合同头实导展总持施查督筹管织署行调责进");
    if (chars.empty() || !last.has(chars.back())) return nullptr;
    const Predicate* best = nullptr;
    for (const Predicate& one : predicates)
        if (ends_with(chars, one.word) && (best == nullptr || one.word.size() > best->word.size()))
            best = &one;
    return best;
}

const Predicate* predicate_at_start(Chars chars) {
    static constexpr CharSet first(u"牵负主总按根依各齐分具共协积密配参支督指监跟组抓贯落实统部");
    if (chars.empty() || !first.has(chars.front())) return nullptr;
    const Predicate* best = nullptr;
    for (const Predicate& one : predicates)
        if (starts_with(chars, one.word) &&
            (best == nullptr || one.word.size() > best->word.size()))
            best = &one;
    return best;
}

Chars without_adverbs(Chars chars) {
    for (bool again = true; again;) {
        again = false;
        for (const Chars word : adverbs)
            if (chars.size() > word.size() && ends_with(chars, word)) {
                chars.remove_suffix(word.size());
                again = true;
                break;
            }
    }
    return chars;
}

const Label* label_at_start(Chars chars) {
    // Most characters begin none.
    static constexpr CharSet first(u"牵主责配协参落实监督组分联完整时工办备承");
    if (chars.empty() || !first.has(chars.front())) return nullptr;
    for (const Label& one : labels)
        if (starts_with(chars, one.word)) return &one;
    return nullptr;
}

const Label* label_of_column(Chars cell) {
    while (!cell.empty() && is_blank(cell.front()))
        cell.remove_prefix(1);
    while (!cell.empty() && is_blank(cell.back()))
        cell.remove_suffix(1);
    for (const Label& one : labels)
        if (cell == one.word) return &one;
    return nullptr;
}

bool ends_as_unit(Chars name) {
    if (name.empty()) return false;
    // 县(市、区), 乡镇(街道): what stands before the bracket decides.
    while (!name.empty() && name.back() == u')') {
        std::size_t depth = 0, at = name.size();
        while (at > 0) {
            --at;
            if (name[at] == u')') ++depth;
            if (name[at] == u'(' && --depth == 0) break;
        }
        if (at == 0) return false;
        name = name.substr(0, at);
    }
    while (!name.empty() && (name.back() == u'”'))
        name.remove_suffix(1);
    if (name.empty()) return false;
    static constexpr CharSet single(unit_last);
    if (single.has(name.back())) return true;
    static constexpr CharSet others(
        u"业乡井会位体关办区县台司商团园地场处委学室局市府心所村构校格段班盟矿社站级组联行街议道部"
        u"镇门间队院");
    if (!others.has(name.back())) return false;
    return std::any_of(std::begin(unit_ends), std::end(unit_ends),
                       [&](Chars end) { return ends_with(name, end); });
}

bool is_person(Chars name) {
    return std::any_of(std::begin(person_ends), std::end(person_ends),
                       [&](Chars end) { return ends_with(name, end); });
}

bool is_unit(Chars name, bool strict) {
    if (name.size() < 2 || name.size() > 40 || is_person(name)) return false;
    const bool known =
        std::find(std::begin(short_names), std::end(short_names), name) != std::end(short_names);
    if (!known && !ends_as_unit(name)) return false;
    if (!strict) return true;
    if (known) return true;
    if (std::any_of(std::begin(no_units), std::end(no_units),
                    [&](Chars end) { return ends_with(name, end); }))
        return false;
    // 全市, 全县: everywhere, not somebody.
    if (name.front() == u'全' || name.front() == u'本' || name.front() == u'我') return false;
    for (const Chars word : not_in_names)
        if (name.find(word) != Chars::npos) return false;
    // Bare kinds of units that carry duties of their own and are no addressee of the plan.
    constexpr std::array<Chars, 10> bare = {u"企业",     u"生产经营单位", u"各企业",   u"单位",
                                            u"部门",     u"施工单位",     u"建设单位", u"使用单位",
                                            u"经营单位", u"重点企业"};
    return std::find(bare.begin(), bare.end(), name) == bare.end();
}

}  // namespace safetyrisk::plan
