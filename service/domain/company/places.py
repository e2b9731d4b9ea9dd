"""Places that stand beside a firm's name (rule 2): "Yokohama Qorvan Co., Ltd.", "QRV (Suzhou)", "QRV Praha Branch".

As data, in the letters a to z, those of several words behind a bar: regions and towns where firms of the trades
on lists have works, and countries.
"""

import re
from collections.abc import Iterator
from functools import cache

from service.domain.company.names import any_of, latin, read, without_doubles
from service.domain.countries import names

JAPAN = (
    "aichi akita amagasaki aomori atsugi chiba fuchu fuji fukui fukuoka fukushima gifu gunma hachioji hamamatsu "
    "himeji hino hiroshima hitachinaka hokkaido hyogo ibaraki iwate kagawa kagoshima kakogawa kamakura kanagawa "
    "kanazawa kashima kawasaki kitakyushu kobe kochi kofu komaki kumamoto kure kyoto kyushu machida maebashi "
    "matsumoto matsuyama mie mitaka miyagi miyazaki morioka nagano nagasaki nagoya nara niigata oita okayama "
    "okinawa omiya osaka saga sagami sagamihara saitama sakai sapporo sasebo sendai shiga shimane shimonoseki "
    "shizuoka suwa tachikawa takamatsu takasaki tama tochigi tokorozawa tokushima tokyo tottori toyama toyohashi "
    "tsukuba utsunomiya wakayama yamagata yamaguchi yamanashi yokkaichi yokohama yokosuka yonezawa"
)
CHINA = (
    "anhui anshan baoding baotou beijing changchun changsha changzhou chengdu chongqing dalian datong dongguan "
    "foshan fujian fuzhou gansu ganzhou guangdong guangxi guangzhou guilin guiyang guizhou haikou hainan handan "
    "hangzhou harbin hebei hefei heilongjiang henan hohhot hsinchu hubei huizhou hunan jiangsu jiangxi jiaxing "
    "jilin jinan jinhua kaohsiung keelung kowloon kunming kunshan langfang lanzhou liaoning luoyang mianyang "
    "nanchang nanjing nanning nantong ningbo ningxia peking qingdao qinghai quanzhou shaanxi shandong shanghai "
    "shantou shanxi shaoxing shenyang shenzhen shijiazhuang sichuan suzhou taichung tainan taipei taiyuan taizhou "
    "tangshan taoyuan tianjin urumqi weifang weihai wenzhou wuhan wuhu wuxi xiamen xian xiangyang xinjiang xuzhou "
    "yangzhou yantai yichang yunnan zhejiang zhengzhou zhenjiang zhongshan zhuhai zhuzhou zibo"
    "|hong kong"
)
ASIA = (
    "ahmedabad almaty ankara astana bandung bangalore bangkok batam bengaluru bhopal bishkek busan cebu chandigarh "
    "changwon chennai coimbatore colombo daegu daejeon delhi dhaka dubai faridabad ghaziabad gimhae goa gujarat "
    "gumi gurgaon gurugram gwangju gyeonggi haifa hanoi haryana hyderabad incheon indore islamabad istanbul izmir "
    "jaipur jakarta johor kanpur karachi karnataka kochi kolkata kulim lahore lucknow madras maharashtra manila "
    "mumbai mysore nagpur nashik noida penang pune punjab rajasthan saigon selangor seoul sharjah surabaya surat "
    "suwon tashkent tehran ulsan vadodara visakhapatnam"
    "|new delhi|kuala lumpur|tel aviv|ho chi minh|ras al khaimah|navi mumbai|abu dhabi"
)
EUROPE = (
    "aachen aarhus amsterdam antwerp antwerpen athens augsburg baden baku barcelona basel bavaria bayern belfast "
    "belgrade beograd bergen berlin bern bharat bielefeld bilbao birmingham bochum bologna bonn bordeaux "
    "brandenburg bratislava braunschweig bremen brescia bristol brno brussels bruxelles bucharest bucuresti "
    "budapest cambridge cardiff cesko chemnitz cluj cologne copenhagen cork debrecen delft deutschland dnipro "
    "dortmund dresden dublin duisburg dusseldorf edinburgh eindhoven england erfurt erlangen espana espoo essen "
    "europe firenze frankfurt freiburg gdansk gdynia geneva geneve genova gent glasgow goteborg gothenburg graz "
    "grenoble gyor hamburg hannover heidelberg heilbronn helsinki hessen innsbruck italia jena karlsruhe kassel "
    "katowice kaunas kazan kharkiv kiel kiev kobenhavn koblenz kolin koln kosice krakow kyiv lausanne leeds leipzig "
    "liberec liege lille linkoping linz lisboa lisbon livorno ljubljana lodz london lubeck lublin luxembourg lviv "
    "lyon madrid magdeburg mainz malmo manchester mannheim marseille milan milano minsk moscow moskva munchen "
    "munich munster nantes naples napoli nippon novosibirsk nuremberg nurnberg odense odesa odessa olomouc oslo "
    "osterreich ostrava oxford pardubice paris petersburg plovdiv plzen polska porto potsdam poznan prague praha "
    "regensburg rennes riga roma rome rostock rotterdam rzeszow saarbrucken sachsen salzburg samara schweinfurt "
    "schweiz scotland sevilla sheffield sofia stockholm strasbourg stuttgart suisse szczecin tallinn tampere tartu "
    "tbilisi thessaloniki thuringen torino toulon toulouse trieste turin ulm unterluss utrecht valencia venezia "
    "vienna vilnius warsaw warszawa wien wiesbaden wolfsburg wroclaw wuppertal wurzburg yekaterinburg yerevan "
    "zagreb zaragoza zlin zurich"
    "|den haag|saint petersburg|st petersburg"
)
AMERICA = (
    "adelaide africa alabama alaska alberta albuquerque america arizona arkansas arlington asia atlanta auckland "
    "austin baltimore boston brisbane cairo calgary california canberra casablanca chicago cincinnati cleveland "
    "colorado connecticut dallas delaware denver detroit florida georgia guadalajara hawaii houston huntsville "
    "idaho illinois indiana iowa jacksonville johannesburg kansas kentucky lagos louisiana maine maryland "
    "massachusetts melbourne memphis miami michigan milwaukee minneapolis minnesota mississippi missouri montana "
    "monterrey montreal nairobi nebraska nevada ohio oklahoma ontario oregon orlando ottawa pennsylvania perth "
    "philadelphia phoenix pittsburgh portland pretoria quebec queretaro sacramento seattle sydney tampa tennessee "
    "texas tijuana toronto tucson tulsa uae uk usa utah vancouver vermont virginia wichita wisconsin wyoming"
    "|new york|new jersey|new mexico|new hampshire|north carolina|south carolina|north dakota|south dakota"
    "|west virginia|san diego|san francisco|san jose|san antonio|los angeles|las vegas|salt lake city"
    "|silicon valley|sao paulo|rio de janeiro|buenos aires|mexico city"
)
SITES = (
    "branch branches works work plant factory office offices division site werk fabrik niederlassung filiale facility"
)
"""What stands behind a firm's name and a place: the part of the firm that is there."""

FEWEST_LETTERS = 3
"""How many letters of a name are left at least beside a place."""
TRADES = (
    "aerospace airlines airways automotive aviation bank cement chemical chemicals commercial company defence "
    "defense dynamics electric electrical electronic electronics energy engineering enterprise enterprises export "
    "foods gas heavy import industrial industries industry institute instruments international investment logistics "
    "machine machinery management manufacturing marine marketing materials mechanical metal metals microelectronics "
    "mining motor motors national nuclear oil optical optics petroleum pharma plastics power precision products "
    "research robotics semiconductor semiconductors services shipbuilding shipping shipyard software solutions "
    "space steel systems technologies technology telecom textile textiles tools trade trading university ventures"
)
"""Words that with a place make the name of a firm, and without it are none."""


def _all() -> set[str]:
    parts = [of.partition("|") for of in (JAPAN, CHINA, ASIA, EUROPE, AMERICA)]
    listed = (place for words, _, more in parts for place in (*words.split(), *more.split("|")) if place)
    return {without_doubles(latin(place)) for place in (*listed, *names().values())}


@cache
def _beside() -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str]]:
    """With what words places begin; and what may stand before a name, and behind it."""
    places, sites = any_of(_all()), any_of(SITES.split())
    begin = frozenset(place.split()[0] for place in _all())
    return begin, re.compile(rf"^(?:(?:{places}) )+"), re.compile(rf"(?: (?:{places}))+(?: (?:{sites}))*$")


def without_places(latin_words: str) -> Iterator[str]:
    """Words in the letters a to z without the places before them, behind them, and on both sides; and without the legal
    form that stands there then. Where there are no places, or too little is left to be a name, there is none."""
    begin, before, behind = _beside()
    if begin.isdisjoint(latin_words.split()):
        return
    late, early = before.sub("", latin_words), behind.sub("", latin_words)
    for left in {late, early, before.sub("", early)} - {latin_words}:
        core = read(left).latin
        if len(core) >= FEWEST_LETTERS and core not in _TRADES:
            yield core


_TRADES = frozenset(TRADES.split())
