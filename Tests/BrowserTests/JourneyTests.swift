import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

/// What readers do on the pages, in a real browser against the real service.
@Suite(.serialized, .demonstrationService) struct JourneyTests {
    /// A period that lies ahead whenever the test runs, and in which the demonstration has free people.
    private let days: String = {
        let start = Date(timeIntervalSinceNow: 40 * 86_400)
        let end = Date(timeIntervalSinceNow: 43 * 86_400)
        return [start, end].map { $0.formatted(.iso8601.year().month().day()) }.joined(separator: "/")
    }()

    @Test(arguments: ["sv", "en"])
    func `a search with days leads to results and to a person`(language: String) async throws {
        let root = DemonstrationService.root
        try await Browser.with(.init(language: language)) { browser in
            try await browser.open(root)
            #expect(try await browser.url() == "\(root)/\(language)")
            #expect(try await browser.element("html").attribute("lang") == language)
            try await browser.element("#dates").type(days)
            #expect(
                try await browser.element(".ask input[name=kind][value=crew]").attribute("checked") != nil
            )
            try await browser.element(".ask button").click()
            try await eventually("the results are shown") {
                try await browser.url().hasPrefix("\(root)/\(language)/crew?dates=")
            }
            let first = try await browser.element(".hit a")
            let name = try await first.text()
            #expect(!name.isEmpty)
            try await first.click()
            #expect(try await browser.element("h1").text() == name)
            #expect(try await browser.element("#days-answer .sky").attribute("aria-label")?.isEmpty == false)
            #expect(try await browser.complaints() == [])
            #expect(try await browser.requests().allSatisfy { $0.hasPrefix(root) || $0.hasPrefix("data:") })
        }
    }

    @Test func `a filter answers at once with scripts and keeps the focus`() async throws {
        let root = DemonstrationService.root
        try await Browser.with { browser in
            try await browser.open("\(root)/sv/crew?dates=\(days)")
            try await browser.element("#region-skane").click()
            try await eventually("the address follows the filter", within: .seconds(10)) {
                (try? await browser.url().contains("region=skane")) ?? false
            }
            #expect(try await browser.evaluate("document.activeElement.id").string == "region-skane")
            #expect(
                try await browser.evaluate("document.querySelector('#region-skane').checked").bool == true
            )
            #expect(try await browser.element("[data-part=summary] .chips").text().contains("Skåne"))
            #expect(try await browser.complaints() == [])
        }
    }

    @Test(arguments: ["sv", "en"])
    func `filters work without scripts`(language: String) async throws {
        let root = DemonstrationService.root
        try await Browser.with(.init(runsScripts: false, language: language)) { browser in
            try await browser.open("\(root)/\(language)/crew")
            try await browser.element("#region-kalmar").click()
            try await browser.element("#filters button.rape").click()
            try await eventually("the filtered list is shown") {
                try await browser.url() == "\(root)/\(language)/crew?region=kalmar"
            }
            #expect(try await browser.element("#region-kalmar").attribute("checked") != nil)
            #expect(try await browser.element(".hits").text().contains("Kalmar"))
        }
    }

    @Test(arguments: [("sv", "i övermorgon"), ("en", "the day after")])
    func `days that cannot be read bring back the form with a summary in focus`(
        language: String,
        typed: String
    ) async throws {
        let root = DemonstrationService.root
        try await Browser.with(.init(language: language)) { browser in
            try await browser.open("\(root)/\(language)/crew?q=ljud&dates=\(typed.replacing(" ", with: "+"))")
            #expect(try await browser.evaluate("document.activeElement.id").string == "errors")
            try await browser.element("#errors a").click()
            #expect(try await browser.evaluate("document.activeElement.id").string == "dates")
            #expect(try await browser.element("#dates").attribute("aria-invalid") == "true")
            #expect(try await browser.element("#dates").attribute("value") == typed)
            #expect(try await browser.element("#q").attribute("value") == "ljud")
        }
    }

    @Test(arguments: ["sv", "en"])
    func `a whole crew is filled by region`(language: String) async throws {
        let root = DemonstrationService.root
        try await Browser.with(.init(language: language)) { browser in
            try await browser.open("\(root)/\(language)/crew/staffing")
            try await browser.element("#dates").type(days)
            try await browser.element("#role-1").type("gaffer")
            try await browser.element(".crewing > .b").click()
            #expect(
                try await browser.evaluate("document.querySelectorAll('.matrix tbody tr').length").number == 1
            )
            #expect(
                try await browser.evaluate("document.querySelectorAll('.matrix tbody td').length").number == 8
            )
            #expect(try await browser.complaints() == [])
        }
    }

    @Test func `every stop of the keyboard is seen, from the skip link to the end`() async throws {
        let root = DemonstrationService.root
        try await Browser.with { browser in
            try await browser.open("\(root)/sv/crew?dates=\(days)")
            try await browser.press("\u{E004}")
            #expect(try await browser.evaluate("document.activeElement.className").string == "skip")
            var seen: Set<String> = []
            for _ in 0..<40 {
                let stop = try await browser.evaluate(
                    """
                    (() => { const e = document.activeElement, r = e.getBoundingClientRect();
                      return [e.outerHTML.slice(0, 120), getComputedStyle(e).outlineStyle !== "none"
                        && r.width > 0 && r.bottom > 0 && r.top < innerHeight] })()
                    """
                )
                .array
                seen.insert(stop.first?.string ?? "")
                #expect(stop.last?.bool == true, "\(stop)")
                try await browser.press("\u{E004}")
            }
            #expect(seen.count > 30)
        }
    }

    @Test(arguments: [
        "/sv", "/sv/crew?dates=2030-01-01", "/en/crew", "/sv/crew/staffing", "/en/about", "/sv/privacy",
        "/sv/accessibility", "/en/nothing-here",
    ])
    func `no page scrolls sideways at 320 pixels, light or dark`(path: String) async throws {
        let root = DemonstrationService.root
        for isDark in [false, true] {
            try await Browser.with(.init(width: 320, height: 640, isDark: isDark)) { browser in
                try await browser.open(root + path)
                let width = try await browser.evaluate("document.documentElement.scrollWidth").number ?? 0
                #expect(width <= 320)
                let paper = try await browser.evaluate("getComputedStyle(document.body).backgroundColor")
                    .string
                #expect(paper == (isDark ? "rgb(11, 20, 22)" : "rgb(243, 245, 241)"))
                #expect(
                    try await browser.complaints().filter { !$0.contains("404") && !$0.contains("400") } == []
                )
            }
        }
    }

    @Test(arguments: ["sv", "en"])
    func `somebody signs in by a letter, in the browser that asked, and out again`(language: String)
        async throws
    {
        let root = DemonstrationService.root
        try await Browser.with(.init(language: language)) { browser in
            try await browser.open("\(root)/\(language)/sign-in")
            try await browser.element("#email").type("skane@klappa.example")
            try await browser.element("main form button").click()
            try await eventually("it says that a letter comes") {
                try await browser.url() == "\(root)/\(language)/sign-in/sent"
            }
            try await eventually("the letter is there") {
                try await browser.open("\(root)/\(language)/letters")
                return try await browser.source().contains("/\(language)/sign-in/")
            }
            let link =
                try await browser.evaluate(
                    "document.querySelector('main a[href*=\"/\(language)/sign-in/\"]').getAttribute('href')"
                ).string ?? ""
            // Another browser can do nothing with it.
            try await Browser.with(.init(language: language)) { other in
                try await other.open(link)
                #expect(try await other.evaluate("document.querySelector('main form') === null").bool == true)
            }
            try await browser.open(link)
            try await browser.element("main form button").click()
            try await eventually("the account is shown") {
                try await browser.url() == "\(root)/\(language)/account"
            }
            #expect(try await browser.element(".top .me").text() == "Maja Lind")
            #expect(try await browser.element("[role=status]").text().isEmpty == false)
            try await browser.open("\(root)/\(language)/crew")
            #expect(try await browser.element(".top .me").text() == "Maja Lind")
            try await browser.element(".top .leave").click()
            try await eventually("the header offers to sign in") {
                try await browser.source().contains("/\(language)/sign-in\"")
            }
            try await browser.open("\(root)/\(language)/account")
            #expect(try await browser.url().contains("/\(language)/sign-in?then="))
            #expect(try await browser.complaints() == [])
        }
    }

    @Test(arguments: [("X-Forwarded-For", 404), ("Forwarded", 404), ("X-Of-No-Meaning", 200)])
    func `the letters of a demonstration are not shown through a proxy`(field: String, status: UInt)
        async throws
    {
        var request = HTTPClientRequest(url: "\(DemonstrationService.root)/sv/letters")
        request.headers.add(name: field, value: "192.0.2.1")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        #expect(response.status.code == status)
    }
}
