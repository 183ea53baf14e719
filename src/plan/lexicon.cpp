#include "lexicon.hpp"

#include <algorithm>
#include <array>

namespace safetyrisk::plan {
namespace {

// The last characters of words.
template <std::size_t n>
constexpr CharSet last_of(const Chars (&words)[n]) {
    std::array<char16_t, n> all{};
    for (std::size_t i = 0; i < n; ++i)
        all[i] = words[i].back();
    return CharSet(Chars(all.data(), n));
}

// The first characters of words.
template <std::size_t n>
constexpr CharSet first_of(const Chars (&words)[n]) {
    std::array<char16_t, n> all{};
    for (std::size_t i = 0; i < n; ++i)
        all[i] = words[i].front();
    return CharSet(Chars(all.data(), n));
}

// Most words differ in the one character that is looked at first.
inline bool ends_with(Chars chars, Chars end) {
    return chars.size() >= end.size() && chars.back() == end.back() &&
           chars.substr(chars.size() - end.size()) == end;
}
inline bool starts_with(Chars chars, Chars start) {
    return chars.size() >= start.size() && chars.front() == start.front() &&
           chars.substr(0, start.size()) == start;
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
    {u"主抓", Role::lead, false},
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
    {u"按照各自职责分工", Role::share, false},
    {u"按各自职责分工", Role::share, false},
    {u"按照职责分工", Role::share, false},
    {u"按职责分工", Role::share, false},
    {u"各负其责", Role::share, true},
    {u"齐抓共管", Role::share, false},
    {u"分工负责", Role::share, true},
    {u"分别负责", Role::responsible, true},
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
    {u"协抓", Role::assist, true},
    {u"支持", Role::assist, false},
    {u"督促指导", Role::supervise, false},
    {u"指导督促", Role::supervise, false},
    {u"监督指导", Role::supervise, false},
    {u"指导监督", Role::supervise, false},
    {u"督促检查", Role::supervise, false},
    {u"监督检查", Role::supervise, false},
    {u"监督执法", Role::supervise, false},
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
    {u"推进落实", Role::implement, false},
    {u"抓落实", Role::implement, false},
    {u"贯彻落实", Role::implement, false},
    {u"贯彻执行", Role::implement, false},
    {u"具体实施", Role::implement, false},
    {u"组织实施", Role::organize, false},
    {u"落实", Role::implement, false},
    {u"实施", Role::implement, false},
    {u"组织推动", Role::organize, false},
    {u"组织推进", Role::organize, false},
    {u"协同推进", Role::joint, false},
    {u"协同", Role::joint, false},
    {u"总牵头", Role::lead, true},
    {u"承办", Role::responsible, false},
    {u"主责", Role::responsible, false},
    {u"督办", Role::supervise, false},
    {u"督查", Role::supervise, false},
    {u"监督实施", Role::supervise, false},
    {u"跟踪问效", Role::supervise, false},
    {u"指导落实", std::nullopt, false},
    {u"指导实施", std::nullopt, false},
    {u"指导推动", std::nullopt, false},
    {u"组织协调", Role::organize, false},
    {u"综合协调", Role::organize, false},
    {u"统筹推进", Role::organize, false},
    {u"统筹组织", Role::organize, false},
    {u"统筹实施", Role::organize, false},
    {u"组织开展", Role::organize, false},
    {u"统筹协调", Role::organize, false},
    {u"统筹", Role::organize, false},
    {u"部署", Role::organize, false},
    {u"组织", Role::organize, false},
};

constexpr Chars adverbs[] = {u"按照各自职责分工",
                             u"根据各自职责分工",
                             u"依据各自职责",
                             u"依据职责分工",
                             u"依照职责",
                             u"在职责范围内",
                             u"在各自职责范围内",
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
                             u"按照分工",
                             u"按分工",
                             u"根据分工",
                             u"按照权限",
                             u"按权限",
                             u"各自",
                             u"统一",
                             u"协作",
                             u"通力",
                             u"大力",
                             u"牢牢",
                             u"直接",
                             u"主要",
                             u"均",
                             u"须",
                             u"将",
                             u"应当",
                             u"负责",
                             u"要",
                             u"应",
                             u"共"};

constexpr Label labels[] = {
    {u"牵头责任单位", Label::Kind::units, Role::lead},
    {u"牵头责任部门", Label::Kind::units, Role::lead},
    {u"第一责任单位", Label::Kind::units, Role::responsible},
    {u"具体责任单位", Label::Kind::units, Role::responsible},
    {u"责任牵头单位", Label::Kind::units, Role::lead},
    {u"责任配合单位", Label::Kind::units, Role::assist},
    {u"责任协办单位", Label::Kind::units, Role::assist},
    {u"牵头科室", Label::Kind::units, Role::lead},
    {u"牵头处室", Label::Kind::units, Role::lead},
    {u"牵头股室", Label::Kind::units, Role::lead},
    {u"责任处室", Label::Kind::units, Role::responsible},
    {u"责任股室", Label::Kind::units, Role::responsible},
    {u"配合科室", Label::Kind::units, Role::assist},
    {u"配合处室", Label::Kind::units, Role::assist},
    {u"配合股室", Label::Kind::units, Role::assist},
    {u"协同单位", Label::Kind::units, Role::joint},
    {u"协同部门", Label::Kind::units, Role::joint},
    {u"协作单位", Label::Kind::units, Role::assist},
    {u"协作部门", Label::Kind::units, Role::assist},
    {u"协同配合单位", Label::Kind::units, Role::assist},
    {u"协助部门", Label::Kind::units, Role::assist},
    {u"协办部门", Label::Kind::units, Role::assist},
    {u"支持单位", Label::Kind::units, Role::assist},
    {u"参加部门", Label::Kind::units, Role::assist},
    {u"主办部门", Label::Kind::units, Role::lead},
    {u"承办部门", Label::Kind::units, Role::responsible},
    {u"承办科室", Label::Kind::units, Role::responsible},
    {u"落实部门", Label::Kind::units, Role::implement},
    {u"落实主体", Label::Kind::units, Role::implement},
    {u"具体落实单位", Label::Kind::units, Role::implement},
    {u"具体实施单位", Label::Kind::units, Role::implement},
    {u"实施部门", Label::Kind::units, Role::implement},
    {u"实施主体", Label::Kind::units, Role::implement},
    {u"督导单位", Label::Kind::units, Role::supervise},
    {u"督导部门", Label::Kind::units, Role::supervise},
    {u"督查单位", Label::Kind::units, Role::supervise},
    {u"监督部门", Label::Kind::units, Role::supervise},
    {u"督办部门", Label::Kind::units, Role::supervise},
    {u"督促部门", Label::Kind::units, Role::supervise},
    {u"组织部门", Label::Kind::units, Role::organize},
    {u"指导单位", Label::Kind::text, Role::responsible},
    {u"指导部门", Label::Kind::text, Role::responsible},
    {u"分管省领导", Label::Kind::persons, Role::responsible},
    {u"分管市领导", Label::Kind::persons, Role::responsible},
    {u"分管县领导", Label::Kind::persons, Role::responsible},
    {u"分管区领导", Label::Kind::persons, Role::responsible},
    {u"分管镇领导", Label::Kind::persons, Role::responsible},
    {u"分管局领导", Label::Kind::persons, Role::responsible},
    {u"分管负责人", Label::Kind::persons, Role::responsible},
    {u"分管责任人", Label::Kind::persons, Role::responsible},
    {u"分管负责同志", Label::Kind::persons, Role::responsible},
    {u"责任市领导", Label::Kind::persons, Role::responsible},
    {u"责任县领导", Label::Kind::persons, Role::responsible},
    {u"责任区领导", Label::Kind::persons, Role::responsible},
    {u"牵头市领导", Label::Kind::persons, Role::lead},
    {u"牵头县领导", Label::Kind::persons, Role::lead},
    {u"牵头区领导", Label::Kind::persons, Role::lead},
    {u"牵头负责人", Label::Kind::persons, Role::lead},
    {u"包联领导", Label::Kind::persons, Role::responsible},
    {u"包保领导", Label::Kind::persons, Role::responsible},
    {u"包联干部", Label::Kind::persons, Role::responsible},
    {u"包保责任人", Label::Kind::persons, Role::responsible},
    {u"联系领导", Label::Kind::persons, Role::responsible},
    {u"挂点领导", Label::Kind::persons, Role::responsible},
    {u"挂联领导", Label::Kind::persons, Role::responsible},
    {u"督办领导", Label::Kind::persons, Role::responsible},
    {u"主管领导", Label::Kind::persons, Role::responsible},
    {u"主要领导", Label::Kind::persons, Role::responsible},
    {u"第一责任人", Label::Kind::persons, Role::responsible},
    {u"直接责任人", Label::Kind::persons, Role::responsible},
    {u"具体责任人", Label::Kind::persons, Role::responsible},
    {u"责任人员", Label::Kind::persons, Role::responsible},
    {u"具体负责人", Label::Kind::persons, Role::responsible},
    {u"联络员", Label::Kind::persons, Role::responsible},
    {u"联系方式", Label::Kind::text, Role::responsible},
    {u"联系电话", Label::Kind::text, Role::responsible},
    {u"完成期限", Label::Kind::time, Role::responsible},
    {u"完成日期", Label::Kind::time, Role::responsible},
    {u"完成节点", Label::Kind::time, Role::responsible},
    {u"整改期限", Label::Kind::time, Role::responsible},
    {u"整改责任单位", Label::Kind::units, Role::responsible},
    {u"整改责任人", Label::Kind::persons, Role::responsible},
    {u"整改时间", Label::Kind::time, Role::responsible},
    {u"截止时间", Label::Kind::time, Role::responsible},
    {u"截止日期", Label::Kind::time, Role::responsible},
    {u"截至时间", Label::Kind::time, Role::responsible},
    {u"办结时限", Label::Kind::time, Role::responsible},
    {u"落实时限", Label::Kind::time, Role::responsible},
    {u"时间进度", Label::Kind::time, Role::responsible},
    {u"时间期限", Label::Kind::time, Role::responsible},
    {u"工作期限", Label::Kind::time, Role::responsible},
    {u"工作频次", Label::Kind::time, Role::responsible},
    {u"检查频次", Label::Kind::time, Role::responsible},
    {u"频次", Label::Kind::time, Role::responsible},
    {u"进度要求", Label::Kind::time, Role::responsible},
    {u"期限", Label::Kind::time, Role::responsible},
    // Characters get lost.
    {u"责任位", Label::Kind::units, Role::responsible},
    {u"牵头位", Label::Kind::units, Role::lead},
    {u"配合位", Label::Kind::units, Role::assist},
    {u"任单位", Label::Kind::units, Role::responsible},
    {u"责单位", Label::Kind::units, Role::responsible},
    {u"任部门", Label::Kind::units, Role::responsible},
    {u"头单位", Label::Kind::units, Role::lead},
    {u"牵单位", Label::Kind::units, Role::lead},
    {u"合单位", Label::Kind::units, Role::assist},
    {u"配单位", Label::Kind::units, Role::assist},
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
    {u"责任分工", Label::Kind::units, Role::responsible},
    {u"职责分工", Label::Kind::units, Role::responsible},
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
    {u"监管单位", Label::Kind::units, Role::supervise},
    {u"监管部门", Label::Kind::units, Role::supervise},
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
    {u"督导", Label::Kind::units, Role::supervise},
    {u"督促", Label::Kind::units, Role::supervise},
    {u"监督", Label::Kind::units, Role::supervise},
    {u"参与", Label::Kind::units, Role::assist},
    {u"参加", Label::Kind::units, Role::assist},
    {u"协办", Label::Kind::units, Role::assist},
    {u"主办", Label::Kind::units, Role::lead},
    {u"承办", Label::Kind::units, Role::responsible},
    {u"会同", Label::Kind::units, Role::joint},
    {u"协同", Label::Kind::units, Role::joint},
    {u"支持", Label::Kind::units, Role::assist},
    {u"实施", Label::Kind::units, Role::implement},
    {u"指导", Label::Kind::text, Role::responsible},
};

// What names of units end with.
constexpr Chars unit_ends[] = {
    u"委员会",   u"办公室",   u"管委会", u"管理处", u"领导小组", u"工作专班", u"专班",
    u"指挥部",   u"联席会议", u"部门",   u"单位",   u"政府",     u"党委",     u"党工委",
    u"工委",     u"工管委",   u"党组",   u"市委",   u"县委",     u"区委",     u"省委",
    u"总支",     u"党支部",   u"镇委",   u"团委",   u"妇联",     u"工商联",   u"残联",
    u"文联",     u"法院",     u"检察院", u"支队",   u"大队",     u"总队",     u"中队",
    u"救援队",   u"派出所",   u"司法所", u"卫生院", u"医院",     u"学校",     u"学院",
    u"大学",     u"中心",     u"公司",   u"集团",   u"机构",     u"协会",     u"银行",
    u"电视台",   u"广电台",   u"电台",   u"报社",   u"融媒体",   u"供电所",   u"监管所",
    u"服务站",   u"工作站",   u"管理站", u"机关",   u"工作组",   u"运营商",   u"中学",
    u"小学",     u"幼儿园",   u"高校",   u"院校",   u"基地",     u"联盟",     u"商会",
    u"车务段",   u"工务段",   u"街道",   u"乡镇",   u"镇街",     u"社区",     u"园区",
    u"开发区",   u"高新区",   u"新区",   u"保税区", u"景区",     u"港区",     u"林场",
    u"农场",     u"专委会",   u"安委会", u"安委办", u"专委办",   u"消安委",   u"防火委",
    u"减灾委",   u"监委",     u"网信办", u"国资委", u"发改委",   u"卫健委",   u"编办",
    u"工会",     u"各地",     u"各级",   u"属地",   u"各县市区", u"县市区",   u"县区",
    u"市区",     u"各区",     u"各县",   u"各市",   u"各镇",     u"各乡",     u"各村",
    u"车间",     u"班组",     u"科室",   u"分局",   u"分公司",   u"子公司",   u"项目部",
    u"企业",     u"矿井",     u"煤矿",   u"工区",   u"网格",     u"国动办",   u"台办",
    u"侨办",     u"外办",     u"信访局", u"安监办", u"应急办",   u"燃气办",   u"科协",
    u"侨联",     u"记协",     u"政协",   u"文明办", u"防指",     u"森防指",   u"村居",
    u"中小学",   u"分行",     u"支行",   u"气象台", u"地震台",   u"广播台",   u"博物馆",
    u"图书馆",   u"文化馆",   u"体育馆", u"档案馆", u"监察组",   u"督查组",   u"督导组",
    u"检查组",   u"巡查组",   u"专家组", u"专项组", u"推进组",   u"攻坚组",   u"专项小组",
    u"工作小组", u"人大",     u"市县",   u"区县",   u"县市",     u"市州",     u"盟市",
    u"铁塔公司", u"国企",     u"央企",   u"塔台",   u"海关",     u"监狱",     u"产业园",
    u"工业园",   u"科技园",   u"物流园"};
constexpr Chars unit_last = u"局委办部厅署会室队处科所站院校段区市县乡镇村旗场社库团股矿厂州";

// Words that end as units do and are none.
constexpr Chars no_units[] = {u"社会",   u"市场",   u"现场", u"会场", u"部署", u"阶段",   u"手段",
                              u"路段",   u"督办",   u"交办", u"查办", u"承办", u"查处",   u"全部",
                              u"干部",   u"内部",   u"外部", u"场所", u"例会", u"推进会", u"现场会",
                              u"调度会", u"专题会", u"机会", u"之处", u"辖区", u"地区",   u"厂区",
                              u"库区",   u"矿区",   u"车站", u"仓库", u"水库", u"渔村",   u"农村",
                              u"时段",   u"地段"};

// Functions by which departments are called in short lists (城管、公安、交通运输等部门).
constexpr Chars short_names[] = {
    u"应急",         u"应急管理", u"公安",     u"交警",   u"消防",     u"消防救援", u"住建",
    u"住房城乡建设", u"交通",     u"交通运输", u"城管",   u"综合执法", u"经信",     u"工信",
    u"发改",         u"教育",     u"科技",     u"民政",   u"司法",     u"财政",     u"人社",
    u"自然资源",     u"生态环境", u"环保",     u"水利",   u"水务",     u"农业农村", u"农业",
    u"商务",         u"文旅",     u"文化旅游", u"文广旅", u"卫健",     u"卫生健康", u"市场监管",
    u"市监",         u"林业",     u"体育",     u"气象",   u"国资",     u"能源",     u"邮政",
    u"海事",         u"供电",     u"电力",     u"质监",   u"工商",     u"安监",     u"旅游",
    u"宣传",         u"海洋渔业", u"渔业",     u"民宗",   u"文物",     u"人防",     u"粮食",
    u"供销",         u"规划",     u"建设",     u"矿山",   u"纪检监察", u"审批",     u"行政审批",
    u"退役军人",     u"统计",     u"医保",     u"金融",   u"铁路",     u"民航",     u"通信"};

constexpr Chars person_ends[] = {
    u"负责人", u"主任", u"副主任", u"局长",   u"书记",   u"县长", u"区长", u"市长", u"镇长",
    u"乡长",   u"主席", u"领导",   u"人员",   u"班长",   u"组长", u"厂长", u"经理", u"总监",
    u"同志",   u"专家", u"网格员", u"网格长", u"安全员", u"干部", u"职工", u"员工", u"队伍"};

// Words that no name of a unit holds: where one stands, running text has been taken for a name.
constexpr Chars not_in_names[] = {
    u"。",     u":",      u"要求", u"开展", u"推动",   u"推进", u"加强", u"加大", u"强化",
    u"完善",   u"健全",   u"严格", u"确保", u"坚持",   u"通过", u"按照", u"根据", u"对于",
    u"不得",   u"必须",   u"应当", u"采取", u"实行",   u"进行", u"提高", u"建立", u"制定",
    u"组织对", u"组织各", u"督促", u"指导", u"引导",   u"鼓励", u"深入", u"深化", u"持续",
    u"全面",   u"进一步", u"认真", u"切实", u"积极",   u"充分", u"严厉", u"依法", u"加快",
    u"明确",   u"每月",   u"每年", u"每季", u"每半年", u"每周", u"月底", u"年底", u"以及其",
    u"并对",   u"纳入",   u"结合", u"围绕", u"聚焦",   u"针对", u"为主", u"牵头", u"配合",
    u"落实",   u"负责",   u"接受", u"发挥", u"压实"};

}  // namespace

namespace {

const Predicate* longest_at_end(Chars chars) {
    static constexpr CharSet last(u"与促办加动助合同头实导展总持施查督筹管织署行调责进效法工抓");
    if (chars.empty() || !last.has(chars.back())) return nullptr;
    const Predicate* best = nullptr;
    for (const Predicate& one : predicates)
        if (ends_with(chars, one.word) && (best == nullptr || one.word.size() > best->word.size()))
            best = &one;
    return best;
}

// Verbs that only run on behind a predicate: 牵头推动, 负责整改, 配合做好相关工作.
constexpr Chars run_on[] = {u"相关工作", u"有关工作", u"各项工作", u"具体工作", u"抓好落实",
                            u"落实到位", u"抓落实",   u"推进",     u"推动",     u"开展",
                            u"执行",     u"整改",     u"办理",     u"完成",     u"整治",
                            u"抓好",     u"做好",     u"工作",     u"落实",     u"实施",
                            u"组织",     u"排查",     u"治理",     u"处置",     u"推广"};

// Predicates that keep their role whatever runs on behind them.
bool leads_on(const Predicate& one) {
    constexpr std::array<Chars, 14> words = {
        u"牵头", u"配合", u"协助", u"参与",     u"参加",     u"支持",     u"督促",
        u"督导", u"监督", u"指导", u"协同配合", u"密切配合", u"积极配合", u"负责牵头"};
    return std::find(words.begin(), words.end(), one.word) != words.end();
}

}  // namespace

Found predicate_at_end(Chars chars) {
    const Predicate* best = longest_at_end(chars);
    // 根据各自职责负责 is 分工负责 however it is worded.
    if (best != nullptr && best->word == u"负责" &&
        (ends_with(chars.substr(0, chars.size() - 2), u"职责") ||
         ends_with(chars.substr(0, chars.size() - 2), u"职责范围内"))) {
        static constexpr Predicate shared{u"负责", Role::share, true};
        return {&shared, 2};
    }
    Found found{best, best == nullptr ? 0 : best->word.size()};
    // What runs on is taken off until a predicate that keeps its role stands at the end.
    static constexpr CharSet last(u"作实位进动展行改理成治好施织查置广合助与加持促导督办效");
    if (chars.empty() || !last.has(chars.back())) return found;
    if (best != nullptr) {
        // 参与配合, 参与督查: the first says it.
        const Chars rest = without_adverbs(chars.substr(0, chars.size() - best->word.size()));
        const Predicate* first = longest_at_end(rest);
        if (first != nullptr && leads_on(*first) &&
            (leads_on(*best) || first->role == Role::assist))
            return {first, chars.size() - rest.size() + first->word.size()};
        if (leads_on(*best)) return found;
    }
    Chars rest = chars;
    for (int round = 0; round < 3; ++round) {
        const auto* const one = std::find_if(std::begin(run_on), std::end(run_on),
                                             [&](Chars word) { return ends_with(rest, word); });
        if (one == std::end(run_on)) break;
        rest = without_adverbs(rest.substr(0, rest.size() - one->size()));
        const Predicate* first = longest_at_end(rest);
        if (first == nullptr) continue;
        const bool keeps = leads_on(*first) || (best == nullptr && first->strong);
        if (keeps) return {first, chars.size() - rest.size() + first->word.size()};
        break;
    }
    return found;
}

const Predicate* predicate_at_start(Chars chars) {
    static constexpr CharSet first(u"牵负主总按根依各齐分具共协积密配参支督指监跟组抓贯落实统部承");
    if (chars.empty() || !first.has(chars.front())) return nullptr;
    const Predicate* best = nullptr;
    for (const Predicate& one : predicates)
        if (starts_with(chars, one.word) &&
            (best == nullptr || one.word.size() > best->word.size()))
            best = &one;
    return best;
}

namespace {

// 各部门按照“三管三必须”要求: where the manner begins; the whole length where none is said.
std::size_t before_manner(Chars chars) {
    constexpr std::size_t longest = 24;
    bool manner = false;
    for (const Chars word : {Chars(u"要求"), Chars(u"规定"), Chars(u"原则"), Chars(u"职责")})
        manner = manner || ends_with(chars, word);
    if (!manner) return chars.size();
    const std::size_t least = chars.size() > longest ? chars.size() - longest : 1;
    for (std::size_t i = chars.size(); i-- > std::max<std::size_t>(least, 2);)
        if (chars[i] == u'按' || (i + 1 < chars.size() && chars[i + 1] == u'照' &&
                                  (chars[i] == u'依' || chars[i] == u'遵')))
            return i;
    return chars.size();
}

}  // namespace

Chars without_adverbs(Chars chars) {
    for (bool again = true; again;) {
        again = false;
        if (const std::size_t at = before_manner(chars); at < chars.size()) {
            chars = chars.substr(0, at);
            again = true;
            continue;
        }
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
    // Labels by their first character, the longest first; most characters begin none.
    struct Index {
        std::array<std::uint8_t, 65536> bucket{};
        std::vector<std::vector<const Label*>> lists{{}};

        Index() {
            for (const Label& one : labels) {
                std::uint8_t& at = bucket[one.word.front()];
                if (at == 0) {
                    at = static_cast<std::uint8_t>(lists.size());
                    lists.emplace_back();
                }
                lists[at].push_back(&one);
            }
            for (auto& list : lists)
                std::stable_sort(list.begin(), list.end(), [](const Label* a, const Label* b) {
                    return a->word.size() > b->word.size();
                });
        }
    };
    static const Index index;
    if (chars.empty()) return nullptr;
    for (const Label* one : index.lists[index.bucket[chars.front()]])
        if (starts_with(chars, one->word)) return one;
    return nullptr;
}

namespace {

// The first and the last characters of labels.
constexpr CharSet edges_of_labels() {
    std::array<char16_t, 2 * std::size(labels) + 6> all{};
    std::size_t n = 0;
    for (const Label& one : labels) {
        all[n++] = one.word.front();
        all[n++] = one.word.back();
    }
    for (const char16_t c : Chars(u"时间频分周任"))
        all[n++] = c;
    return CharSet(Chars(all.data(), n));
}

// A head's cell without blanks and what stands in brackets.
std::u16string bare_cell(Chars cell) {
    std::u16string bare;
    std::size_t depth = 0;
    for (const char16_t c : cell) {
        if (c == u'(') ++depth;
        if (depth == 0 && !is_blank(c)) bare.push_back(c);
        if (c == u')' && depth > 0) --depth;
    }
    return bare;
}

}  // namespace

const Label* label_of_column(Chars cell) {
    const std::u16string bare = bare_cell(cell);
    if (bare.empty()) return nullptr;
    // Most text begins and ends as no label does.
    static constexpr CharSet edges = edges_of_labels();
    if (!edges.has(bare.front()) && !edges.has(bare.back())) return nullptr;
    for (const Label& one : labels)
        if (bare.size() == one.word.size() && starts_with(bare, one.word)) return &one;
    static constexpr Label time{u"时间", Label::Kind::time, Role::responsible};
    for (const Chars word : {Chars(u"时间"), Chars(u"频次"), Chars(u"频率"), Chars(u"周期"),
                             Chars(u"检查频次"), Chars(u"计划完成时间")})
        if (bare == word) return &time;
    static constexpr Label shares{u"分工", Label::Kind::units, Role::responsible};
    if (bare == u"分工" || bare == u"任务分工") return &shares;
    // 责任单位及责任人, 牵头单位/部门.
    constexpr Chars more = u"及和、/与或";
    for (const Label& one : labels)
        if (one.word.size() >= 4 && starts_with(bare, one.word) &&
            more.find(bare[one.word.size()]) != Chars::npos)
            return &one;
    // 整改责任单位, 主要配合单位.
    for (const Label& one : labels)
        if (one.word.size() >= 4 && bare.size() <= 8 && ends_with(bare, one.word)) return &one;
    return nullptr;
}

bool is_text_column(Chars cell) {
    static constexpr Chars words[] = {
        u"序号",     u"编号",     u"序",       u"任务编号", u"类别",     u"项目",
        u"内容",     u"任务",     u"事项",     u"措施",     u"问题",     u"目标",
        u"要求",     u"工作任务", u"重点任务", u"主要任务", u"具体任务", u"任务内容",
        u"任务名称", u"任务事项", u"工作内容", u"主要内容", u"工作措施", u"具体措施",
        u"主要措施", u"重点措施", u"工作举措", u"具体举措", u"主要举措", u"重点工作",
        u"工作事项", u"工作要求", u"工作项目", u"工作目标", u"目标任务", u"整改任务",
        u"整改内容", u"整改措施", u"整改要求", u"整治任务", u"整治内容", u"整治重点",
        u"检查内容", u"检查事项", u"存在问题", u"主要问题", u"问题清单", u"隐患",
        u"隐患问题", u"领域",     u"行业领域", u"重点领域", u"专项行动", u"行动名称",
        u"重点事项", u"任务分类", u"任务类别", u"工作类别", u"任务清单", u"备注",
        u"完成情况", u"完成进展", u"成果形式", u"工作标准", u"重点项目", u"重点工作和要求"};
    const std::u16string bare = bare_cell(cell);
    return std::find(std::begin(words), std::end(words), Chars(bare)) != std::end(words);
}

bool may_head_text(Chars cell) {
    static constexpr Chars ends[] = {u"任务", u"措施", u"内容", u"事项", u"目标", u"要求", u"问题",
                                     u"工作", u"项目", u"名称", u"情况", u"领域", u"类别", u"重点",
                                     u"行动", u"隐患", u"举措", u"要点", u"清单", u"标准", u"指标",
                                     u"成果", u"区域", u"地点", u"环节", u"单位", u"企业", u"描述"};
    const std::u16string bare = bare_cell(cell);
    return bare.size() <= 6 && std::any_of(std::begin(ends), std::end(ends),
                                           [&](Chars end) { return ends_with(bare, end); });
}

bool is_head(const std::vector<std::u16string>& cells) {
    if (cells.size() < 2) return false;
    std::size_t known = 0, may = 0, filled = 0;
    bool assigns = false;
    for (const auto& cell : cells) {
        if (cell.find_first_not_of(u" ") != std::u16string::npos) ++filled;
        const Label* label = label_of_column(cell);
        if (label != nullptr || is_text_column(cell))
            ++known;
        else if (may_head_text(cell))
            ++may;
        assigns = assigns || (label != nullptr && label->kind == Label::Kind::units);
    }
    if (assigns && filled > 2 && known >= 2) known += may;
    return known >= 2 && 2 * known >= filled;
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
    static constexpr CharSet others = last_of(unit_ends);
    if (!others.has(name.back())) return false;
    return std::any_of(std::begin(unit_ends), std::end(unit_ends),
                       [&](Chars end) { return ends_with(name, end); });
}

bool ends_as_thing(Chars name) {
    static constexpr CharSet last = last_of(no_units);
    if (name.empty() || (name.back() != u'室' && !last.has(name.back()))) return false;
    return ends_with(name, u"实验室") ||
           std::any_of(std::begin(no_units), std::end(no_units),
                       [&](Chars end) { return ends_with(name, end); });
}

bool is_person(Chars name) {
    static constexpr CharSet last = last_of(person_ends);
    if (name.empty() || !last.has(name.back())) return false;
    return std::any_of(std::begin(person_ends), std::end(person_ends),
                       [&](Chars end) { return ends_with(name, end); });
}

bool runs_on_behind_unit(Chars name) {
    static constexpr CharSet verbs(u"对将在按于自从把");
    // What such a character begins where it stands in a name: 对外经贸局, 将军镇, 于洪区.
    static constexpr Chars words[] = {u"对外", u"对台", u"对口", u"将军", u"将乐", u"在京",
                                      u"在地", u"于都", u"于洪", u"于田", u"自然", u"自治",
                                      u"自贸", u"自来", u"从化", u"从江"};
    for (std::size_t i = 3; i + 1 < name.size(); ++i) {
        if (!verbs.has(name[i]) || name[i - 1] == u'所' || !ends_as_unit(name.substr(0, i)))
            continue;
        const Chars rest = name.substr(i);
        if (std::none_of(std::begin(words), std::end(words),
                         [&](Chars word) { return starts_with(rest, word); }))
            return true;
    }
    return false;
}

bool names_on(Chars word, Chars behind) {
    static constexpr Chars sights[] = {u"督查", u"督导", u"监督", u"督办",
                                       u"组织", u"指导", u"统筹", u"协同"};
    if (behind.empty() || std::find(std::begin(sights), std::end(sights), word) == std::end(sights))
        return false;
    static constexpr CharSet ends(u"室组局站所科处部办委");
    if (starts_with(behind, u"中心") || starts_with(behind, u"总队") ||
        starts_with(behind, u"总站") || starts_with(behind, u"大队"))
        return true;
    if (!ends.has(behind.front())) return false;
    if (behind.size() == 1) return true;
    // 组织部门, 督促处置, 监督所属 are no names.
    static constexpr Chars others[] = {u"室内", u"室外", u"组织", u"组建", u"局属", u"站点",
                                       u"所有", u"所属", u"所辖", u"所在", u"科学", u"科技",
                                       u"科普", u"处置", u"处理", u"处罚", u"部门", u"部分",
                                       u"部署", u"办理", u"办好", u"办学", u"办事", u"委托"};
    return std::none_of(std::begin(others), std::end(others),
                        [&](Chars other) { return starts_with(behind, other); });
}

namespace {

// Whether one of the words stands in `chars`; most characters begin none.
template <std::size_t n>
bool holds_any(Chars chars, const Chars (&words)[n], const CharSet& first) {
    for (std::size_t i = 0; i < chars.size(); ++i) {
        if (!first.has(chars[i])) continue;
        for (const Chars word : words)
            if (starts_with(chars.substr(i), word)) return true;
    }
    return false;
}

constexpr CharSet begins_no_name = first_of(not_in_names);

}  // namespace

bool may_assign(Chars sentence) {
    static constexpr Chars signs[] = {
        u"牵头", u"负责", u"配合", u"会同", u"总责", u"协助", u"其责", u"落实", u"参与", u"参加",
        u"支持", u"监督", u"督促", u"督导", u"组织", u"实施", u"协同", u"联合", u"共管", u"执行",
        u"名义", u"主办", u"承办", u"督办", u"督查", u"主责", u"分工", u"主抓", u"协抓"};
    static constexpr CharSet first = first_of(signs);
    return holds_any(sentence, signs, first);
}

bool is_unit(Chars name, bool strict) {
    if (name.size() < 2 || name.size() > 40 || is_person(name)) return false;
    // 举办, 督办 are no offices.
    if (name.back() == u'办' && name.size() > 1) {
        static constexpr CharSet verbs(u"举主承协督交查催经筹兴开操");
        if (verbs.has(name[name.size() - 2])) return false;
    }
    const auto is_short = [](Chars word) {
        return std::find(std::begin(short_names), std::end(short_names), word) !=
               std::end(short_names);
    };
    // 公安 and 市公安.
    constexpr Chars levels = u"省市县区州";
    const bool known = is_short(name) || (name.size() > 2 && levels.find(name[0]) != Chars::npos &&
                                          is_short(name.substr(1)));
    if (!known && !ends_as_unit(name)) return false;
    if (!strict) return true;
    if (known) return true;
    if (name != u"各地区" && !ends_with(name, u"安全部") &&
        std::any_of(std::begin(no_units), std::end(no_units),
                    [&](Chars end) { return ends_with(name, end); }))
        return false;
    // 卡点120处 is counted; 10号矿井 has a number.
    for (std::size_t i = 0; i + 1 < name.size(); ++i)
        if (is_digit(name[i]) && !is_digit(name[i + 1]) && name[i + 1] != u'号') return false;
    // 全市, 全县: everywhere, not somebody.
    if (name.front() == u'全' || name.front() == u'本' || name.front() == u'我') return false;
    if (holds_any(name, not_in_names, begins_no_name)) return false;
    if (runs_on_behind_unit(name)) return false;
    // Bare kinds of units carry duties of their own and are no addressee of the plan: 产权单位,
    // 物业服务企业, 责任部门. With a level or 各, 有关 before them they are.
    for (const Chars kind : {Chars(u"学校"), Chars(u"医院"), Chars(u"幼儿园")})
        if (name == kind) return false;
    for (const Chars kind : {Chars(u"企业"), Chars(u"单位"), Chars(u"部门")}) {
        if (!ends_with(name, kind)) continue;
        if (name == u"各企业" || name == kind) return false;
        constexpr Chars named = u"省市县区州镇乡街村各相有其负局";
        const bool addressed =
            named.find(name.front()) != Chars::npos || name.find(u'各') != Chars::npos ||
            name.find(u"成员") != Chars::npos || name.find(u"行业") != Chars::npos ||
            name.find(u"国有") != Chars::npos || name.find(u"属") != Chars::npos ||
            name.find(u"直") != Chars::npos || name.find(u"级") != Chars::npos ||
            name.find(u"等") != Chars::npos || name.find(u"驻") != Chars::npos;
        if (kind == u"部门") {
            for (const Chars duty :
                 {Chars(u"责任部门"), Chars(u"职能部门"), Chars(u"主管部门"), Chars(u"监管部门"),
                  Chars(u"业务部门"), Chars(u"审批部门"), Chars(u"执法部门")})
                if (name == duty) return false;
        } else if (!addressed) {
            return false;
        }
    }
    return true;
}

}  // namespace safetyrisk::plan
