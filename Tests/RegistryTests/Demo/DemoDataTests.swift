import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Registry

struct DemoDataTests {
    @Test func `the same number, seed and day give the same rows, keys included`() async throws {
        func rows(_ seed: UInt64) async throws -> String {
            try await CrewBench.with { bench in
                let day = try #require(Day("2027-03-01"))
                let outcome = try await DemoData(people: 120, seed: seed, from: day).load(
                    into: bench.databases.worker
                )
                #expect(outcome == .made(people: 120, productions: 20))
                var text = ""
                for table in [
                    "person", "person_role", "person_language", "person_certificate", "person_local_region",
                    "contact_field", "link", "calendar", "block", "hold", "booking", "production", "credit",
                ] {
                    text += try await bench.database.sql(
                        """
                        SELECT string_agg((to_jsonb(t) - '{created_at,changed_at,published_at}'::text[])::text, chr(10)
                            ORDER BY to_jsonb(t)::text) FROM klappa.\(table) t
                        """
                    )
                }
                return text
            }
        }
        let first = try await rows(7)
        #expect(first.count > 50_000)
        #expect(try await rows(7) == first)
        #expect(try await rows(8) != first)
    }

    @Test func `nobody can be reached: addresses are examples and numbers are kept for fiction`() async throws
    {
        try await CrewBench.with { bench in
            let vocabulary = try await DemoVocabulary.read(bench.databases.worker)
            let source = DemoPeople(count: 2_000, seed: 1, from: bench.firstDay, vocabulary)
            let fiction =
                (605...699).map { "070-174 0\($0 / 100) \(($0 % 100) < 10 ? "0" : "")\($0 % 100)" }
                + (400...499).map { "040-628 0\($0 / 100) \(($0 % 100) < 10 ? "0" : "")\($0 % 100)" }
            let numbers = Set(fiction)
            var visibilities: [String: Int] = [:]
            for index in 0..<2_000 {
                let person = source.person(index)
                for contact in person.contacts {
                    visibilities["\(contact.kind) \(contact.visibility)", default: 0] += 1
                    if contact.kind == "email" {
                        #expect(
                            contact.value.hasSuffix("@example.com") || contact.value.hasSuffix("@example.org")
                                || contact.value.hasSuffix("@example.net")
                        )
                    } else {
                        #expect(numbers.contains(contact.value))
                    }
                }
                for link in person.links { #expect(link.url.contains("://example.")) }
            }
            #expect(visibilities.count == 8)
            #expect(visibilities.values.allSatisfy { $0 > 150 })
        }
    }

    @Test
    func
        `people are many-sided: every visibility, region and department in quantity, texts in both languages`()
        async throws
    {
        try await CrewBench.with { bench in
            let vocabulary = try await DemoVocabulary.read(bench.databases.worker)
            let source = DemoPeople(count: 2_000, seed: 1, from: bench.firstDay, vocabulary)
            let departments = vocabulary.departments.flatMap { department in
                department.roles.map { ($0.no, department.code) }
            }
            let departmentOf = Dictionary(uniqueKeysWithValues: departments)
            var counts: [String: Int] = [:]
            for index in 0..<2_000 {
                let person = source.person(index)
                counts["days \(person.availabilityVisibility)", default: 0] += 1
                counts["region \(person.region)", default: 0] += 1
                counts[
                    "department \(person.roles.first.flatMap { departmentOf[$0.no] } ?? "")",
                    default: 0
                ] += 1
                counts["known \(person.calendar.known == nil)", default: 0] += 1
                counts["state \(person.state)", default: 0] += 1
                #expect(Set(person.roles.compactMap { departmentOf[$0.no] }).count == 1)
                for text in [person.headline.sv, person.headline.en] {
                    #expect((10...200).contains(text.count))
                }
                #expect(
                    person.headline.sv != person.headline.en && person.biography.sv != person.biography.en
                )
                for day in person.credits { #expect(day.first <= day.last && day.last < bench.firstDay) }
            }
            for kind in ["anyone", "approved", "nobody"] { #expect(counts["days \(kind)", default: 0] > 200) }
            #expect(counts.keys.filter { $0.hasPrefix("region") }.count == 6)
            #expect(counts.keys.filter { $0.hasPrefix("department") }.count == vocabulary.departments.count)
            #expect(counts["known true", default: 0] > 100)
            #expect(counts["state published", default: 0] > 1_800)
            // Names of the departments in the trades are the vocabulary's.
            #expect(Set(DemoTrade.all.keys).isSubset(of: Set(vocabulary.departments.map(\.code))))
            #expect(
                DemoTrade.all.values.flatMap(\.certificates).allSatisfy { vocabulary.certificates[$0] != nil }
            )
        }
    }

    @Test func `a person is the same however many others are made`() async throws {
        try await CrewBench.with { bench in
            let vocabulary = try await DemoVocabulary.read(bench.databases.worker)
            let few = DemoPeople(count: 240, seed: 5, from: bench.firstDay, vocabulary).person(17)
            let many = DemoPeople(count: 250, seed: 5, from: bench.firstDay, vocabulary).person(17)
            #expect([few.key, few.slug, few.headline.sv] == [many.key, many.slug, many.headline.sv])
            #expect(few.key.dropFirst(14).first == "7")
        }
    }

    @Test func `every record says that it is invented, and nothing is added a second time`() async throws {
        try await CrewBench.with { bench in
            let data = DemoData(people: 150, seed: 2)
            var told: [Int] = []
            _ = try await data.load(into: bench.databases.worker) { told.append($0) }
            #expect(told == [150])
            #expect(try await data.load(into: bench.databases.worker) == .present(people: 150))
            let key = try #require(try await DemoData.searcherKey(bench.databases.worker))
            let holder = try #require(try await KeyQueries.holder(of: key, bench.databases.open))
            #expect(holder.right == .searcher)
            let invented = "SELECT count(*) FROM klappa.crew_record WHERE body::jsonb ->> 'invented' = 'true'"
            let published = "SELECT count(*) FROM klappa.person WHERE state = 'published'"
            let count = try await bench.value(invented)
            #expect(try await bench.value(published) == count)
            #expect(Int(count) ?? 0 > 120)
        }
    }

    @Test func `real public people are not mixed with invented ones unless that is asked for`() async throws {
        try await CrewBench.with { bench in
            try await bench.importing(
                "name,region,roles,consent_date,consent_source\nBo Ek,skane,gaffer,2026-01-02,form\n",
                publish: true
            )
            var data = DemoData(people: 30)
            #expect(try await DemoData.searcherKey(bench.databases.worker) == nil)
            #expect(try await data.load(into: bench.databases.worker) == .refused(realPeople: 1))
            #expect(try await bench.value("SELECT count(*) FROM klappa.person") == "1")
            data.besideRealPeople = true
            #expect(try await data.load(into: bench.databases.worker) == .made(people: 30, productions: 20))
        }
    }
}
