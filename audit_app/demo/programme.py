"""The invented vendors and sites of the demo, and how each site is doing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoSite:
    """One site; ``level`` is how many of 100 questions conform at first, ``drift`` per audit."""

    name: str
    code: str
    city: str
    country: str
    time_zone: str
    languages: tuple[str, ...]
    streams: tuple[str, ...]
    markets: tuple[str, ...]
    level: int
    drift: float
    lead: str
    card_data: bool = False
    remote_work: bool = False
    ai_assist: bool = True


@dataclass(frozen=True, slots=True)
class DemoVendor:
    """One vendor with its account lead and sites."""

    name: str
    code: str
    note: str
    account_lead: str
    sites: tuple[DemoSite, ...]


VENDORS = (
    DemoVendor(
        "Nordwind Contact Services",
        "NOR",
        "Largest partner; merchant and product checks for Central Europe and MENA.",
        "Helena Brandt",
        (
            DemoSite(
                "Warsaw Wola",
                "WAW",
                "Warsaw",
                "PL",
                "Europe/Warsaw",
                ("pl", "de", "cs"),
                ("merchant", "product"),
                ("PL", "DE", "CZ"),
                80,
                1.6,
                "Marek Zieliński",
            ),
            DemoSite(
                "Kraków Zabłocie",
                "KRK",
                "Kraków",
                "PL",
                "Europe/Warsaw",
                ("pl", "uk", "ro"),
                ("product", "content"),
                ("PL", "UA", "RO"),
                83,
                0.8,
                "Anna Kowalczyk",
            ),
            DemoSite(
                "Cairo Site 2",
                "CAI",
                "New Cairo",
                "EG",
                "Africa/Cairo",
                ("ar", "en", "fr"),
                ("content", "live"),
                ("EG", "SA", "AE"),
                64,
                3.4,
                "Omar Haddad",
                card_data=True,
            ),
        ),
    ),
    DemoVendor(
        "Atlas Moderation Group",
        "ATL",
        "French-speaking markets and live streams.",
        "Youssef Benali",
        (
            DemoSite(
                "Casablanca Marina",
                "CAS",
                "Casablanca",
                "MA",
                "Africa/Casablanca",
                ("fr", "ar"),
                ("content", "live"),
                ("FR", "MA", "BE"),
                74,
                1.2,
                "Salma Idrissi",
            ),
            DemoSite(
                "Lisbon Expo",
                "LIS",
                "Lisbon",
                "PT",
                "Europe/Lisbon",
                ("pt", "es", "fr", "it"),
                ("merchant", "product", "content"),
                ("PT", "ES", "FR", "IT"),
                88,
                0.4,
                "Inês Carvalho",
                remote_work=True,
            ),
        ),
    ),
    DemoVendor(
        "Vela Trust & Safety",
        "VEL",
        "South-east Europe; strong quality teams, thin cover at night.",
        "Elena Marinescu",
        (
            DemoSite(
                "Bucharest Pipera",
                "BUH",
                "Bucharest",
                "RO",
                "Europe/Bucharest",
                ("ro", "hu", "bg"),
                ("merchant", "content"),
                ("RO", "HU", "BG"),
                86,
                -2.4,
                "Andrei Popescu",
                remote_work=True,
            ),
            DemoSite(
                "Athens Marousi",
                "ATH",
                "Athens",
                "GR",
                "Europe/Athens",
                ("el", "en"),
                ("product", "content"),
                ("GR", "CY"),
                78,
                1.0,
                "Dimitra Papadopoulou",
            ),
        ),
    ),
    DemoVendor(
        "Brightline CX",
        "BRI",
        "New partner since 2025; growing fast.",
        "Grace Wanjiru",
        (
            DemoSite(
                "Istanbul Maslak",
                "IST",
                "Istanbul",
                "TR",
                "Europe/Istanbul",
                ("tr", "ar", "de"),
                ("live", "product"),
                ("TR", "DE"),
                70,
                1.9,
                "Cem Yıldırım",
            ),
            DemoSite(
                "Nairobi Westlands",
                "NBO",
                "Nairobi",
                "KE",
                "Africa/Nairobi",
                ("en", "sw"),
                ("content", "live"),
                ("GB", "IE", "KE"),
                60,
                3.8,
                "Peter Otieno",
            ),
        ),
    ),
)
