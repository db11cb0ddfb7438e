import Foundation
import TestSupport
import Testing

/// An owner offers a barn, the region's office publishes it, a producer finds it: three browsers, one service.
@Suite(.serialized, .demonstrationService) struct OfferJourneyTests {
    /// Two small pictures of 48 by 20 pixels.
    private static let pictures = [
        "iVBORw0KGgoAAAANSUhEUgAAADAAAAAUCAIAAABEXSnwAAAAMElEQVR42mPYefnGoEIMow4addCog0YdNNAOWqosP6jQqINGHTTqoFEHjTposDsIAF5S5XwO8V0YAAAAAElFTkSuQmCC",
        "iVBORw0KGgoAAAANSUhEUgAAADAAAAAUCAIAAABEXSnwAAAAL0lEQVR42mN4c8iOEqTs7UtdxDDqoFEHjTpo1EGjDhp10KiDRh006qBRBw0tBwEAuHex4U0w9AwAAAAASUVORK5CYII=",
    ]

    /// The May after this one, of which the calendar knows.
    private let year = Calendar(identifier: .gregorian).component(.year, from: .now) + 1

    private func sent(_ browser: Browser, _ language: String) async throws {
        let root = DemonstrationService.root
        try await eventually("it says that a letter comes") {
            try await browser.url() == "\(root)/\(language)/sign-in/sent"
        }
        // The newest letter is the first; a link that another browser asked for shows no button.
        try await eventually("the letter is there and opens", within: .seconds(30)) {
            try await browser.open("\(root)/\(language)/letters")
            let link = try await browser.evaluate(
                "document.querySelector('main a[href*=\"/sign-in/\"]')?.getAttribute('href') ?? ''"
            ).string
            guard let link, !link.isEmpty else { return false }
            try await browser.open(link)
            return try await browser.evaluate("document.querySelector('main form button') !== null").bool
                == true
        }
        try await browser.element("main form button").click()
    }

    private func waits(_ browser: Browser, for path: String) async throws {
        try await eventually("\(path) is shown", within: .seconds(20)) {
            try await browser.url().contains(path)
        }
    }

    @Test(arguments: ["sv", "en"])
    func `an owner offers a barn with photos, a commissioner publishes it, a producer finds it`(
        language: String
    )
        async throws
    {
        let root = DemonstrationService.root
        // Names apart: one like the other is offered instead of a second record.
        let name = language == "sv" ? "Trefasladan" : "Kornlogen"
        let search =
            "\(root)/\(language)/locations?near=V%C3%A4xj%C3%B6&radius=60&feature=power_phases-3&coverage=full"
            + "&dates=\(year)-05-01/\(year)-05-31&q=\(name)"
        let folder = FileManager.default.temporaryDirectory.appending(path: "barn-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await Browser.with(.init(language: language)) { owner in
            let own = try await offer(owner, name, language, folder)
            try await Browser.with(.init(language: language)) { producer in
                try await producer.open(search)
                #expect(try await !producer.source().contains(">\(name)</a>"))
            }
            try await publish(name, language)
            try await owner.open(own)
            #expect(try await owner.evaluate("document.querySelector('.tag.free') !== null").bool == true)
        }
        try await Browser.with(.init(width: 390, height: 844, language: language)) { producer in
            try await producer.open(search)
            #expect(try await producer.element(".place h3 a").text() == name)
            let pictures = "document.querySelectorAll('.place img').length"
            #expect(try await producer.evaluate(pictures).number == 1)
            try await producer.element(".place h3 a").click()
            try await waits(producer, for: "/\(language)/locations/")
            #expect(try await producer.element("h1").text() == name)
            #expect(try await producer.evaluate("document.querySelectorAll('.reel img').length").number == 2)
            // The exact point stays with the office.
            #expect(try await !producer.source().contains("56.901"))
            #expect(try await producer.complaints() == [])
        }
    }

    /// Fills in everything, and sends it; gives the address of the owner's own page.
    private func offer(_ owner: Browser, _ name: String, _ language: String, _ folder: URL) async throws
        -> String
    {
        let root = DemonstrationService.root
        try await owner.open("\(root)/\(language)/locations/offer")
        try await owner.element("#name").type("Greta Ek")
        try await owner.element("#email").type("greta.\(language)@klappa.example")
        try await owner.element("main form button").click()
        try await sent(owner, language)
        try await waits(owner, for: "/\(language)/locations/offer")
        try await owner.element("#name").type(name)
        try await owner.element("#type option[value=barn]").click()
        try await owner.element("#point").type("56.90123, 14.70123")
        try await owner.element("button[name=locate]").click()
        try await eventually("the municipality is proposed") {
            try await owner.evaluate("document.querySelector('#municipality')?.value ?? ''").string == "0780"
        }
        #expect(try await owner.evaluate("document.querySelector('#name').value").string == name)
        try await owner.element("#part-power").click()
        try await owner.element("input[name=fact-power_phases][value=\"3\"]").click()
        try await owner.element("input[name=daysVisibility][value=anyone]").click()
        try await owner.element("button[name=save]").click()
        try await waits(owner, for: "/\(language)/offers/")
        let own = try await owner.url()
        try await photograph(owner, own, folder)
        try await owner.open("\(own)/calendar")
        _ = try await owner.evaluate(
            "document.getElementById('knownFrom').value = '\(year)-01-01'"
        )
        _ = try await owner.evaluate("document.getElementById('knownTo').value = '\(year)-12-31'")
        try await owner.element("form[action$=\"/known\"] button").click()
        try await eventually("the calendar is known") {
            try await owner.evaluate("document.querySelector('[role=status]') !== null").bool == true
        }
        try await owner.open(own)
        try await owner.element("#consent").click()
        try await owner.element("button[name=step][value=submit]").click()
        try await eventually("it is in review") {
            try await owner.evaluate("document.querySelector('button[value=withdraw]') !== null").bool == true
        }
        #expect(try await owner.complaints().filter { !$0.contains("/sign-in/") } == [])
        return own
    }

    private func photograph(_ owner: Browser, _ own: String, _ folder: URL) async throws {
        var paths: [String] = []
        for (index, picture) in Self.pictures.enumerated() {
            let file = folder.appending(path: "\(index).png")
            try (try #require(Data(base64Encoded: picture))).write(to: file)
            paths.append(file.path)
        }
        try await owner.open("\(own)/photos")
        try await owner.element("#files").type(paths.joined(separator: "\n"))
        try await owner.element("main form.sheet button").click()
        try await eventually("both pictures are there", within: .seconds(30)) {
            try await owner.evaluate("document.querySelectorAll('.pictures img').length").number == 2
        }
        try await owner.element("#alternativeSv-1").type("En röd lada")
        try await owner.element("#alternativeEn-1").type("A red barn")
        try await owner.element(".pictures li:first-child button.ink").click()
        try await eventually("the words are kept") {
            try await owner.evaluate("document.querySelector('#alternativeEn-1')?.value ?? ''").string
                == "A red barn"
        }
    }

    private func publish(_ name: String, _ language: String) async throws {
        let root = DemonstrationService.root
        try await Browser.with(.init(language: language)) { officer in
            try await officer.open("\(root)/\(language)/sign-in?then=/\(language)/review")
            try await officer.element("#email").type("kronoberg@klappa.example")
            try await officer.element("main form button").click()
            try await sent(officer, language)
            try await waits(officer, for: "/\(language)/review")
            let found = try await officer.evaluate(
                "[...document.querySelectorAll('td a')].find((a) => a.textContent === '\(name)')?.click() ?? true"
            )
            #expect(found.bool == true)
            try await waits(officer, for: "/\(language)/review/")
            #expect(try await officer.source().contains("56.90123"))
            try await officer.element("button[value=published]").click()
            try await eventually("it says that it is published") {
                try await officer.evaluate("document.querySelector('[role=status]') !== null").bool == true
            }
            // A link that another browser asked for is refused while the letter is waited for.
            #expect(try await officer.complaints().filter { !$0.contains("/sign-in/") } == [])
        }
    }
}
