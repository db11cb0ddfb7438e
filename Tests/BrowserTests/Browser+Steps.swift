import TestSupport
import Testing

/// What somebody does on pages again and again.
extension Browser {
    /// Types into fields by their ids; a select takes the value of the option, a day or a moment its ISO form.
    func fill(_ fields: KeyValuePairs<String, String>) async throws {
        for (id, value) in fields {
            let kind = try await evaluate(
                "document.getElementById('\(id)').matches('select,[type=date],[type=datetime-local]')"
            )
            if kind.bool == true {
                try await evaluate("document.getElementById('\(id)').value = '\(value)'")
                let taken = try await evaluate("document.getElementById('\(id)').value")
                #expect(taken.string == value, "\(id) has no \(value)")
            } else {
                do {
                    let field = try await element("#" + id)
                    try await field.clear()
                    try await field.type(value)
                } catch let error as BrowserError {
                    throw BrowserError(words: "\(id) on \(try await url()): \(error.words)")
                }
            }
        }
    }

    /// Ticks one of several.
    func choose(_ name: String, _ value: String) async throws {
        try await element("[name=\"\(name)\"][value=\"\(value)\"]").click()
    }

    /// Clicks and waits until the answer to it is there.
    func press(at selector: String) async throws {
        try await evaluate("window.isOld = true")
        try await element(selector).click()
        try await eventually("\(selector) is answered", within: .seconds(20)) {
            let isNew = try? await self.evaluate(
                "window.isOld !== true && document.readyState === 'complete'"
            )
            return isNew?.bool ?? false
        }
    }

    /// Clicks and waits until another page is there, told by a part of its address.
    func go(_ selector: String, to address: String) async throws {
        try await press(at: selector)
        let url = try await url()
        #expect(url.contains(address), "\(selector) led to \(url)")
    }

    /// What the notice of the page says.
    func notice() async throws -> String { try await element("[role=status]").text() }

    /// Whether the page says all of some texts.
    func says(_ texts: String...) async throws -> Bool {
        let said = try await element("main").text()
        return texts.allSatisfy { said.contains($0) }
    }

    /// Opens a page until it says a text.
    func waits(for text: String, on address: String) async throws {
        try await eventually("\(address) says \(text)", within: .seconds(40)) {
            try await self.open(address)
            return try await self.says(text)
        }
    }

    /// The first link with a part in its address in the newest letter to somebody that has one; empty without any.
    func latestLink(to email: String, with part: String, _ root: String, _ language: String) async throws
        -> String
    {
        try await open("\(root)/\(language)/letters")
        return try await evaluate(
            """
            ([...document.querySelectorAll('main section')]
              .filter(s => s.querySelector('header p').textContent.includes('\(email)'))
              .flatMap(s => [...s.querySelectorAll('a')])
              .map(a => a.getAttribute('href')).find(h => h.includes('\(part)')) || '')
            """
        ).string ?? ""
    }

    /// The same, once it is another than the one before.
    func link(
        to email: String,
        with part: String,
        after before: String = "",
        _ root: String,
        _ language: String
    ) async throws -> String {
        var found = ""
        try await eventually("a letter to \(email) has \(part)", within: .seconds(40)) {
            found = try await self.latestLink(to: email, with: part, root, language)
            return !found.isEmpty && found != before
        }
        return found
    }

    /// Signs somebody in by the letter that comes.
    func signIn(_ email: String, _ root: String, _ language: String) async throws {
        let part = "/\(language)/sign-in/"
        let before = try await latestLink(to: email, with: part, root, language)
        try await open("\(root)/\(language)/sign-in")
        try await fill(["email": email])
        try await go("main form button", to: "/sign-in/sent")
        try await open(try await link(to: email, with: part, after: before, root, language))
        try await go("main form button", to: "/\(language)/account")
    }

    /// What the console says of refused styles and scripts and of errors in them; not of forms that were refused, nor of
    /// what was still on its way when the page was left.
    func grievances() async throws -> [String] {
        try await complaints().filter { $0.contains("Content Security Policy") || $0.contains("Uncaught") }
    }

    /// Forgets who is signed in, as another person's browser.
    func forget() async throws { try await devtools("Network.clearBrowserCookies", [:]) }

    /// Whether the page fits its window; wide tables scroll within themselves.
    func fits(_ width: Double) async throws -> Bool {
        try await evaluate("document.documentElement.scrollWidth").number ?? .infinity <= width
    }
}
