import Foundation
import TestSupport
import Testing

/// A filmmaker registers, fills in a listing in two sittings and sends it in, keeps the calendar and sees what others see:
/// in a real browser, with scripts and without.
@Suite(.serialized, .demonstrationService) struct OwnListingTests {
    @Test(arguments: [("sv", true), ("en", false)])
    func `somebody registers and takes care of their listing`(language: String, scripts: Bool) async throws {
        let root = DemonstrationService.root
        let home = "\(root)/\(language)/me/listing"
        try await Browser.with(.init(runsScripts: scripts, language: language)) { browser in
            try await register(browser, language)
            try await begin(browser, home, scripts: scripts)
            try await fillIn(browser, home, language)
            try await keepCalendar(browser, home, scripts: scripts)
            try await browser.open("\(home)/seen/approved")
            #expect(try await browser.element("h1").text() == "Filippa Sundsvalla")
            #expect(try await browser.source().contains("+46 70 555 44 33"))
            try await browser.open("\(home)/seen/anyone")
            #expect(try await !browser.source().contains("+46 70 555 44 33"))
            // Nobody else sees it yet.
            try await browser.open("\(root)/\(language)/crew?q=Sundsvalla")
            #expect(try await !browser.source().contains("/crew/filippa-sundsvalla"))
            try await delete(browser, home, language)
            let complaints = try await browser.complaints().filter { !$0.contains("400") }
            #expect(complaints == [])
        }
    }

    /// From the door to a session, by the letter.
    private func register(_ browser: Browser, _ language: String) async throws {
        let root = DemonstrationService.root
        try await browser.open("\(root)/\(language)/crew")
        try await browser.element("main a[href$=\"/crew/register\"]").click()
        try await browser.element("#name").type("Filippa Sundsvalla")
        try await browser.element("#email").type("filippa-\(language)@klappa.example")
        try await browser.element("main form button").click()
        try await eventually("it says that a letter comes") {
            try await browser.url() == "\(root)/\(language)/sign-in/sent"
        }
        try await eventually("the letter is there") {
            try await browser.open("\(root)/\(language)/letters")
            return try await browser.source().contains("/\(language)/sign-in/")
        }
        let link =
            try await browser.element("main a[href*=\"/\(language)/sign-in/\"]").attribute("href") ?? ""
        try await browser.open(link)
        try await browser.element("main form button").click()
        try await eventually("the listing can be begun") {
            try await browser.url() == "\(root)/\(language)/me/listing"
        }
    }

    private func begin(_ browser: Browser, _ home: String, scripts: Bool) async throws {
        if scripts {
            // While a name of somebody who is listed is typed, they are shown.
            let listed = try await browser.evaluate(
                "fetch('/sv/crew').then(r => r.text()).then(t => new DOMParser().parseFromString(t, 'text/html').querySelector('.hit a').textContent)"
            ).string
            if let listed {
                try await browser.element("#name").clear()
                try await browser.element("#name").type(listed)
                try await eventually("who has that name is shown") {
                    try await browser.source().contains("id=\"alike\"")
                }
                try await browser.open(home)
            }
        }
        try await browser.element("#homeRegion option[value=kalmar]").click()
        try await browser.element("form[data-alike] button").click()
        try await eventually("the draft is open") { try await browser.url() == "\(home)/edit" }
    }

    private func fillIn(_ browser: Browser, _ home: String, _ language: String) async throws {
        try await browser.element("#headlineSv").type("Ljus i mörker")
        try await browser.element("button[name=save]").click()
        try await eventually("the draft is kept") {
            try await browser.source().contains("role=\"status\"")
        }
        #expect(try await browser.element("#headlineSv").attribute("value") == "Ljus i mörker")
        // Not whole yet: the summary leads to what is missing.
        try await browser.element("button[name=submit]").click()
        try await eventually("it says what is missing") {
            try await browser.source().contains("id=\"errors\"")
        }
        try await browser.element("#role-1").type("Gaffer")
        try await browser.element("#contactKind-2 option[value=phone]").click()
        try await browser.element("#contact-2").type("+46 70 555 44 33")
        try await browser.element("#contactVisibility-2 option[value=approved]").click()
        try await browser.element("#consent").click()
        try await browser.element("button[name=submit]").click()
        try await eventually("it is sent in") { try await browser.url() == home }
        #expect(
            try await browser.element(".tag.line").text()
                == (language == "sv" ? "Väntar på granskning" : "Waits for review")
        )
    }

    /// Chooses the 5th to the 8th of the month after next by pressing them, frees one of them by keyboard, and clears them.
    private func keepCalendar(_ browser: Browser, _ home: String, scripts: Bool) async throws {
        let later = Date(timeIntervalSinceNow: 62 * 86_400).formatted(.iso8601.year().month().day()).prefix(7)
        try await browser.open("\(home)/calendar?month=\(later)")
        for day in ["05", "08"] {
            try await browser.element("a[data-day=\"\(later)-\(day)\"]").click()
            try await eventually("the day stands in the form") {
                let field = day == "05" ? "from" : "to"
                return try await browser.evaluate("document.getElementById('\(field)').value").string
                    == "\(later)-\(day)"
            }
        }
        let picked = "document.querySelectorAll('a.picked').length"
        #expect(try await browser.evaluate(picked).number == 4)
        try await browser.element("form[data-mark] button[name=block]").click()
        try await eventually("the days are marked") { try await browser.source().contains("class=\"calls\"") }
        #expect(try await browser.evaluate("document.querySelectorAll('a.busy').length").number == 4)
        if scripts {
            // By keyboard alone: to the 6th, taken with the space bar.
            _ = try await browser.evaluate("document.querySelector('[data-day=\"\(later)-05\"]').focus()")
            for key in ["ArrowRight", " "] {
                _ = try await browser.evaluate(
                    "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '\(key)', bubbles: true, cancelable: true }))"
                )
            }
            #expect(
                try await browser.evaluate("document.getElementById('from').value").string == "\(later)-06"
            )
            #expect(try await browser.evaluate("document.getElementById('to').value").string == "")
            #expect(try await browser.evaluate("document.activeElement.ariaPressed").string == "true")
        }
        try await browser.element("main .calls button").click()
        try await eventually("the days are free again") {
            try await !browser.source().contains("class=\"calls\"")
        }
    }

    private func delete(_ browser: Browser, _ home: String, _ language: String) async throws {
        try await browser.open("\(home)/delete")
        try await browser.element("#sure").click()
        try await browser.element("main form button").click()
        try await eventually("the account is left") {
            try await browser.url() == "\(DemonstrationService.root)/\(language)/account"
        }
        try await browser.open(home)
        #expect(
            try await browser.source().contains(
                "form class=\"stack\" method=\"post\" action=\"/\(language)/me/listing/begin\""
            )
        )
    }
}
