import Foundation
import Postgres
import Testing

@testable import Registry

/// What tests of own listings do again and again, through the pages.
extension Caller {
    /// Begins a draft: name and home region.
    @discardableResult
    func beginListing(_ name: String, region: String = "skane") async throws -> Page {
        let page = try await get("/sv/me/listing/begin")
        return try await post("/sv/me/listing/begin", ["name": name, "homeRegion": region], from: page)
    }

    /// Sends the form of the details as it stands on the page, with some fields changed.
    ///
    /// - Parameter page: from which the form is sent; nil asks for a fresh one.
    func saveListing(_ changes: [String: String], from page: Page? = nil, submit: Bool = false) async throws
        -> Page
    {
        let shown: Page = if let page { page } else { try await get("/sv/me/listing/edit") }
        var fields = shown.fields
        for (name, value) in changes { fields[name] = value }
        fields[submit ? "submit" : "save"] = "yes"
        return try await post("/sv/me/listing/edit", sent: fields, from: shown)
    }

    /// Presses one of the buttons of the overview.
    func press(_ step: String, _ fields: [String: String] = [:]) async throws -> Page {
        let page = try await get("/sv/me/listing")
        var fields = fields
        fields["version"] = fields["version"] ?? page.version
        return try await post("/sv/me/listing/\(step)", sent: fields, from: page)
    }
}

extension Caller.Page {
    /// The version that the page's forms carry.
    var version: String? { text.firstMatch(of: /name="version" value="([^"]*)"/).map { String($0.1) } }

    /// What the fields of the page hold, as a browser would send them; of a name that is there twice the last.
    var fields: [String: String] {
        var fields: [String: String] = [:]
        func plain(_ text: some StringProtocol) -> String {
            String(text).replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing(
                "&gt;",
                with: ">"
            )
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        }
        for match in text.matches(of: /<input([^>]*)>/) {
            let tag = String(match.1)
            guard let name = tag.firstMatch(of: /\sname="([^"]+)"/)?.1, name != "csrf" else { continue }
            let value = tag.firstMatch(of: /\svalue="([^"]*)"/).map { plain($0.1) } ?? ""
            let isBox = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"")
            if !isBox || tag.contains(" checked") { fields[String(name)] = value }
        }
        for match in text.matches(of: /<textarea id="([^"]+)"[^>]*>([^<]*)<\/textarea>/) {
            fields[String(match.1)] = plain(match.2)
        }
        for match in text.matches(of: /<select id="([^"]+)"[^>]*>(.*?)<\/select>/) {
            let chosen = match.2.firstMatch(of: /<option value="([^"]*)" selected>/)
            fields[String(match.1)] = chosen.map { plain($0.1) } ?? ""
        }
        return fields
    }
}

extension SchemaDatabase {
    /// The state of the listing of an account; nil without one.
    func listingState(of account: UUID?) async throws -> String? {
        guard let account else { return nil }
        return try await root.query("SELECT state FROM klappa.person WHERE account = \(account)").first
            .map { try $0.decode(String.self, "state") }
    }

    /// Lets the office publish, or take any other step.
    func setState(_ state: String, of account: UUID?, reason: String? = nil) async throws {
        guard let account else { throw Missing() }
        try await root.execute(
            """
            UPDATE klappa.person SET state = \(state), state_reason = \(reason) WHERE account = \(account)
            """
        )
    }
}
