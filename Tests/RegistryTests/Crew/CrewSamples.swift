import Foundation
import Postgres
import Web

@testable import Registry

/// People, vocabularies and calendars for tests of pages: no database, always the same.
enum CrewSamples {
    static let today = Day(number: 9_824)  // 2026-11-24
    static let march = DayMultirange([
        DayRange(first: Day(number: 9_921), last: Day(number: 9_932)),  // 1–12 March 2027
        DayRange(first: Day(number: 9_940), last: Day(number: 9_945)),  // 20–25 March 2027
    ])

    static let vocabularies = Vocabularies(
        regions: [
            ("blekinge", "Blekinge"), ("halland", "Halland"), ("jonkoping", "Jönköping"),
            ("kalmar", "Kalmar"),
            ("kronoberg", "Kronoberg"), ("skane", "Skåne"),
        ]
        .enumerated().map { index, region in
            Vocabularies.Region(
                no: Int16(index),
                code: region.0,
                shortName: region.1,
                name: Localized(sv: "\(region.1)s län", en: "\(region.1) County"),
                contact: .init(
                    name: "Filmkommissionen i \(region.1)",
                    liaison: nil,
                    email: nil,
                    phone: nil,
                    url: "https://\(region.0).example/",
                    text: nil
                )
            )
        },
        municipalities: [
            ("1286", "skane", "Ystad"), ("0880", "kalmar", "Kalmar"), ("1081", "blekinge", "Ronneby"),
        ]
        .map { Vocabularies.Municipality(code: $0.0, no: Int16($0.0) ?? 0, region: $0.1, name: $0.2) },
        departments: [
            .init(no: 1, code: "camera", name: Localized(sv: "Foto", en: "Camera")),
            .init(no: 2, code: "locations", name: Localized(sv: "Inspelningsplats", en: "Locations")),
        ],
        roles: [
            role("director_of_photography", "camera", "A-foto", "Director of photography"),
            role("first_ac", "camera", "B-foto", "First assistant camera"),
            role("location_manager", "locations", "Platschef", "Location manager"),
        ],
        languages: [
            term("sv", "Svenska", "Swedish"), term("en", "Engelska", "English"),
            term("da", "Danska", "Danish"),
        ],
        certificates: [
            term("licence_b", "Körkort B", "Driving licence B"), term("lift", "Liftkort", "Lift operator"),
        ]
    )

    private static func role(_ code: String, _ department: String, _ sv: String, _ en: String)
        -> Vocabularies.Role
    {
        .init(
            no: 1,
            code: code,
            department: department,
            name: Localized(sv: sv, en: en),
            aliases: [],
            headOfDepartment: false,
            retired: false
        )
    }

    private static func term(_ code: String, _ sv: String, _ en: String) -> Vocabularies.Term {
        .init(code: code, name: Localized(sv: sv, en: en), retired: false)
    }

    // MARK: People

    static func listing(
        _ name: String,
        _ slug: String,
        region: String = "skane",
        municipality: String = "1286"
    ) -> [UInt8] {
        Array(
            """
            {"id": "019a0000-0000-7000-8000-\(slug.utf8.count + 100_000_000_000)", "slug": "\(slug)", "name": "\(name)",
             "homeRegion": "\(region)", "localRegions": ["\(region)", "blekinge"], "municipality": "\(municipality)",
             "roles": [{"code": "first_ac", "grade": "professional", "primary": true},
                       {"code": "director_of_photography", "grade": "assistant", "primary": false}],
             "languages": [{"code": "sv", "proficiency": "native"}, {"code": "en", "proficiency": "fluent"}],
             "certificates": [{"code": "licence_b", "expires": null}, {"code": "lift", "expires": "2027-09-30"}],
             "headline": {"sv": "Skärpa <i alla> lägen", "en": null},
             "contact": {"fields": [], "via": {"region": "\(region)", "name": "Filmkommissionen i Skåne",
               "url": "https://skane.example/film", "email": null, "phone": null, "liaison": "Noor",
               "address": {"sv": "Ystad", "en": "Ystad"}}},
             "renewedOn": "2026-11-03", "invented": true, "version": 3}
            """.utf8
        )
    }

    static func availability(
        _ state: CrewAvailability.State,
        free: Int,
        clashes: [CrewAvailability.Clash] = [],
        unknown: DayMultirange = .empty
    ) -> CrewAvailability {
        let busy = clashes.filter { $0.kind == .busy }.reduce(0) { $0 + ($1.to - $1.from) + 1 }
        let held = clashes.filter { $0.kind == .held }.reduce(0) { $0 + ($1.to - $1.from) + 1 }
        return CrewAvailability(
            state: state,
            needed: 18,
            free: free,
            held: held,
            busy: busy,
            unknown: unknown.count ?? 0,
            clashes: clashes,
            unknownDays: unknown
        )
    }

    static let results = CrewResults(
        items: [
            CrewItem(
                body: listing("Ylva Strandmark", "ylva-strandmark"),
                availability: availability(.full, free: 18),
                distance: nil
            ),
            CrewItem(
                body: listing(
                    "Holger Mossberg-Ek",
                    "holger-mossberg-ek",
                    region: "kalmar",
                    municipality: "0880"
                ),
                availability: availability(
                    .partial,
                    free: 12,
                    clashes: [
                        .init(from: Day(number: 9_925), to: Day(number: 9_927), kind: .busy),
                        .init(from: Day(number: 9_930), to: Day(number: 9_931), kind: .held),
                    ],
                    unknown: DayMultirange([DayRange(Day(number: 9_945))])
                ),
                distance: nil
            ),
            CrewItem(
                body: listing("Petter Lövrand", "petter-lovrand", region: "blekinge", municipality: "1081"),
                availability: availability(.unknown, free: 0, unknown: march),
                distance: nil
            ),
            CrewItem(
                body: listing("Disa Fallmark", "disa-fallmark"),
                availability: availability(.hidden, free: 0),
                distance: nil
            ),
        ],
        isMeasured: false,
        total: 4,
        next: nil,
        facets: [
            .role: [("director_of_photography", 3), ("first_ac", 4), ("location_manager", 0)].map(count),
            .region: [
                ("blekinge", 1), ("halland", 0), ("jonkoping", 0), ("kalmar", 1), ("kronoberg", 0),
                ("skane", 1_234),
            ]
            .map(count),
            .language: [("sv", 4), ("en", 3), ("da", 0)].map(count),
        ],
        understood: .init(roles: ["first_ac"], text: nil),
        beyondCalendar: .empty
    )

    private static func count(_ value: (String, Int)) -> CrewResults.Count {
        .init(value: value.0, count: value.1)
    }

    static func record() throws -> CrewRecord {
        let body = listing("Ylva Strandmark", "ylva-strandmark")
        return CrewRecord(
            body: body,
            version: 3,
            listing: try CrewJSON.decode(CrewListing.self, from: body),
            details: .init(
                creditedName: "Y. Strandmark",
                tradingName: "Strandmark Foto AB",
                biography: .init(sv: "Första stycket.\n\nAndra stycket & mer.", en: nil),
                travelRadius: 150,
                links: [.init(kind: "reel", url: "https://film.example/ylva/", title: nil)],
                credits: [
                    .init(
                        production: "saltangen",
                        title: "Saltängen",
                        year: 2026,
                        role: "first_ac",
                        creditedAs: nil,
                        from: nil,
                        to: nil
                    )
                ]
            )
        )
    }

    /// Free except 5–10 March, held 20–21 March, unknown from 1 July 2027.
    static let calendar = CrewCalendar(
        span: DayRange(first: today, last: today + 400),
        days: (0...400).map { offset in
            switch today + offset {
            case Day(number: 9_925)...Day(number: 9_930): .busy
            case Day(number: 9_940)...Day(number: 9_941): .held
            case Day(number: 10_043)...: .unknown
            default: .free
            }
        }
    )

    static func crew(_ results: CrewResults = results, hidden: Bool = false) -> PublicCrew {
        PublicCrew(
            find: { _ in
                var results = results
                results.totals = [
                    .full: min(1, results.total), .partial: results.total, .any: results.total,
                ]
                return results
            },
            record: { $0 == "ylva-strandmark" ? try record() : nil },
            calendar: { _ in hidden ? CrewCalendar(span: calendar.span, days: nil) : calendar },
            staff: { request in
                let person = StaffingResult.Person(
                    id: "1",
                    slug: "ylva-strandmark",
                    name: "Ylva Strandmark",
                    homeRegion: "skane"
                )
                let posts = request.posts.map {
                    StaffingResult.Post(role: $0.role, count: $0.count, people: [person])
                }
                let none = request.posts.map {
                    StaffingResult.Post(role: $0.role, count: $0.count, people: [])
                }
                return StaffingResult(
                    posts: posts,
                    regions: [.init(region: "kalmar", posts: none), .init(region: "skane", posts: posts)]
                )
            }
        )
    }

    /// The pages over these people.
    static func pages(_ crew: PublicCrew = crew()) throws -> CrewPages {
        CrewPages(site: try Site(), crew: crew, vocabularies: { vocabularies }, today: { today })
    }
}
