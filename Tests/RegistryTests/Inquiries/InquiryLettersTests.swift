import Foundation
import HTTPTypes
import NIOCore
import Postgres
import Testing

@testable import Registry
@testable import Web

/// What producers and offices are written, and when.
struct InquiryLettersTests {
    /// The letters of the outbox as they would be sent.
    private func sent(_ portal: Portal) async throws -> [(letter: Letter, subject: String, body: String)] {
        let texts = try Site().letters
        return try await portal.letters().map { payload in
            let letter = try #require(Letter(payload: String(buffer: payload.bytes), about: nil))
            let text = try texts.text(of: letter)
            return (letter, text.subject, text.body)
        }
    }

    private func links(_ body: String) -> [String] {
        body.matches(of: /http:\/\/klappa\.example(\/(?:sv|en)\/inquiries\/follow\/[\w-]{43})/).map {
            String($0.1)
        }
    }

    private func file(_ portal: Portal, _ language: Language, region: String = "kronoberg") async throws
        -> String
    {
        guard case .object(var members) = InquiryExamples.filing else { return "" }
        members["region"] = .string(region)
        members["title"] = "Saltängen"
        members["language"] = .string(language.rawValue)
        let filed = try await InquiryRoutesTests.send(portal, .post, "/inquiries", .object(members))
        #expect(filed.status == 201, "\(filed.body)")
        return try #require(filed.body["number"]?.string)
    }

    @Test(arguments: Language.allCases)
    func `a producer gets receipt, answer and word of the handover, each with a link that opens the case`(
        _ language: Language
    ) async throws {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja Lind", .commissioner, region: "kronoberg")
            let noor = try await portal.member("Noor Bergstig", .commissioner, region: "skane")
            let number = try await file(portal, language)
            let address = "/sv/inquiries/\(number)"
            var page = try await maja.get(address)
            let answered = try await maja.post(
                address + "/entries",
                ["kind": "answer", "body": "Vi har en lada i {Lammhult}."],
                from: page
            )
            #expect(answered.status == 303)
            #expect(try await maja.get(address).text.contains("Vi har en lada"))
            // Notes stay in the office.
            _ = try await maja.post(address + "/entries", ["kind": "note", "body": "HEMLIGT"], from: page)
            _ = try await maja.post(address + "/handover", ["toRegion": "skane", "message": ""], from: page)
            page = try await noor.get(address)
            let accept = try #require(
                page.text.firstMatch(of: /action="(\/sv\/inquiries\/[^"]+\/handover\/[^"]+)"/)
            ).1
            #expect(try await noor.post(String(accept), ["answer": "accepted"], from: page).status == 303)

            let email = try #require(
                InquiryExamples.filing["contacts"]?.array?.first?["email"]?.string
            )
            let letters = try await sent(portal).filter { $0.letter.to == email }
            #expect(
                letters.map(\.letter.template) == [
                    "inquiry-received", "inquiry-answered", "inquiry-handed-over",
                ]
            )
            #expect(letters.allSatisfy { $0.letter.language == language })
            #expect(letters.allSatisfy { $0.subject.contains(number) && $0.subject.contains("Saltängen") })
            #expect(letters[0].body.contains("Kronoberg") && letters[2].body.contains("Skåne"))
            #expect(letters[1].body.contains("Maja Lind") && letters[1].body.contains("i {Lammhult}."))
            #expect(!letters.contains { $0.body.contains("HEMLIGT") })
            let all = letters.map { links($0.body) }
            #expect(all.allSatisfy { $0.count == 1 } && Set(all.joined()).count == 3)
            for link in all.joined() {
                #expect(link.hasPrefix("/\(language)/"))
                let followed = try await portal.stranger().get(link)
                #expect(followed.status == 200 && followed.text.contains(number))
            }
        }
    }

    @Test func `an office is told of what it has to do, and nobody of what they did themselves`() async throws
    {
        try await Portal.with { portal in
            let maja = try await portal.member("Maja", .commissioner, region: "kronoberg", email: "maja@k.se")
            _ = try await portal.member("Rut", .regionAdministrator, region: "kronoberg", email: "rut@k.se")
            let noor = try await portal.member("Noor", .commissioner, region: "skane", email: "noor@m.se")
            _ = try await portal.member("Adil", .administrator, email: "adil@klappa.se")
            _ = try await portal.member("Siv", .searcher, email: "siv@klappa.se")
            func told(_ template: String) async throws -> [String] {
                try await sent(portal).filter { $0.letter.template == template }.map(\.letter.to).sorted()
            }
            let number = try await file(portal, .sv)
            #expect(try await told("inquiry-filed") == ["maja@k.se", "rut@k.se"])

            let address = "/sv/inquiries/\(number)"
            var page = try await maja.get(address)
            _ = try await maja.post(
                address + "/handover",
                ["toRegion": "skane", "message": "Er strand?"],
                from: page
            )
            #expect(try await told("inquiry-offered") == ["noor@m.se"])
            let offer = try #require(try await sent(portal).last)
            #expect(
                offer.body.contains("Er strand?") && offer.body.contains("http://klappa.example\(address)")
            )

            page = try await noor.get(address)
            let action = String(
                try #require(page.text.firstMatch(of: /action="(\/sv\/inquiries\/[^"]+\/handover\/[^"]+)"/)).1
            )
            _ = try await noor.post(action, ["answer": "declined", "reason": "Vi hinner inte"], from: page)
            #expect(try await told("inquiry-offer-declined") == ["maja@k.se"])
            #expect(try #require(try await sent(portal).last).body.contains("Vi hinner inte"))
            #expect(try await told("inquiry-offer-accepted").isEmpty)

            // The producer writes: to the whole office while nobody is responsible, then to who is.
            let receipt = try #require(
                try await sent(portal).first { $0.letter.template == "inquiry-received" }
            )
            let link = try #require(links(receipt.body).first)
            let producer = portal.stranger()
            let own = try await producer.get(link)
            _ = try await producer.post(link, ["body": "Gärna i maj", "send": "1"], from: own)
            #expect(try await told("inquiry-message") == ["maja@k.se", "rut@k.se"])
            page = try await maja.get(address)
            let version = try #require(page.text.firstMatch(of: /name="version" value="(\d+)"/)).1
            let officer = try #require(maja.account).uuidString.lowercased()
            _ = try await maja.post(
                address + "/work",
                [
                    "version": String(version), "status": "", "nextAction": "", "nextActionOn": "",
                    "officer": officer,
                ],
                from: page
            )
            _ = try await producer.post(link, ["body": "Eller juni", "send": "1"], from: own)
            #expect(try await told("inquiry-message") == ["maja@k.se", "maja@k.se", "rut@k.se"])
        }
    }

    @Test func `a new link takes the place of all others, and only the leading office makes one`()
        async throws
    {
        try await Portal.with { portal in
            let number = try await file(portal, .en)
            let maja = try await portal.member("Maja Lind", .commissioner, region: "kronoberg")
            let first = try #require(
                try await sent(portal).first { $0.letter.template == "inquiry-received" }
            )
            let old = try #require(links(first.body).first)
            #expect(try await portal.stranger().get(old).status == 200)
            let page = try await maja.get("/sv/inquiries/\(number)")
            let kalmar = try await portal.member("Ivar Hallin", .commissioner, region: "kalmar")
            let refused = try await kalmar.post(
                "/sv/inquiries/\(number)/link",
                [:],
                from: try await kalmar.get("/sv/inquiries/log")
            )
            #expect([403, 404].contains(refused.status))
            #expect(try await portal.stranger().get(old).status == 200)
            #expect(try await maja.post("/sv/inquiries/\(number)/link", [:], from: page).status == 303)
            let letter = try #require(try await sent(portal).last)
            #expect(letter.letter.template == "inquiry-link")
            let new = try #require(links(letter.body).first)
            #expect(try await portal.stranger().get(old).status == 404)
            #expect(try await portal.stranger().get(new).status == 200)
        }
    }

    @Test func `what is refused writes no letter`() async throws {
        try await Portal.with { portal in
            let number = try await file(portal, .sv)
            let before = try await portal.letters().count
            let kalmar = try await portal.key(.commissioner, region: "kalmar")
            let answer = try await InquiryRoutesTests.send(
                portal,
                .post,
                "/inquiries/\(number)/answers",
                ["body": "Hej"],
                key: kalmar
            )
            #expect(answer.status == 404)
            let refused = try await InquiryRoutesTests.send(
                portal,
                .post,
                "/inquiries",
                ["title": "Utan typ", "productionType": "opera"]
            )
            #expect(refused.status == 400)
            #expect(try await portal.letters().count == before)
        }
    }
}
