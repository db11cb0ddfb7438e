import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// A headless Chromium, driven over the WebDriver protocol (https://www.w3.org/TR/webdriver2/) through chromedriver.
struct Browser: Sendable {
    private let address: String

    /// What a browser is to be like.
    struct Options: Sendable {
        var width = 1280
        var height = 900
        var isDark = false
        /// Whether pages may run scripts.
        var runsScripts = true
        var language = "sv"
    }

    /// Lends a browser with a fresh profile; it and its driver end with the call.
    static func with<Result>(_ options: Options = Options(), _ body: (Browser) async throws -> Result)
        async throws -> Result
    {
        let environment = ["PATH": "/usr/bin:/bin", "HOME": "/tmp"]
        let driver = try ChildProcess("/usr/bin/chromedriver", ["--port=0"], environment: environment)
        defer { driver.signal(SIGTERM) }
        try await eventually("chromedriver listens", within: .seconds(30)) {
            Self.port(in: driver.output) != nil
        }
        let root = "http://127.0.0.1:\(Self.port(in: driver.output) ?? 0)/session"
        let session = try await Self.post(root, capabilities(options))
        guard let id = session["sessionId"].string else {
            throw BrowserError(words: "no session: \(session)")
        }
        let browser = Browser(address: "\(root)/\(id)")
        do {
            try await browser.prepare(options)
            let result = try await body(browser)
            try await browser.delete()
            return result
        } catch {
            try? await browser.delete()  // The first error is the one to tell.
            throw error
        }
    }

    private static func port(in output: String) -> Int? {
        guard let found = output.firstMatch(of: /successfully on port (\d+)/) else { return nil }
        return Int(found.1)
    }

    private static func capabilities(_ options: Options) -> JSONValue {
        [
            "capabilities": [
                "alwaysMatch": [
                    "browserName": "chrome",
                    "goog:chromeOptions": [
                        "binary": "/usr/bin/chromium",
                        "args": [
                            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                            .string("--accept-lang=\(options.language)"),
                        ],
                    ],
                    "goog:loggingPrefs": ["browser": "ALL", "performance": "ALL"],
                ]
            ]
        ]
    }

    private func prepare(_ options: Options) async throws {
        try await devtools(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .number(Double(options.width)), "height": .number(Double(options.height)),
                "deviceScaleFactor": 1, "mobile": false,
            ]
        )
        try await devtools(
            "Emulation.setEmulatedMedia",
            [
                "features": [
                    ["name": "prefers-color-scheme", "value": .string(options.isDark ? "dark" : "light")],
                    ["name": "prefers-reduced-motion", "value": "reduce"],
                ]
            ]
        )
        if !options.runsScripts {
            try await devtools("Emulation.setScriptExecutionDisabled", ["value": true])
        }
    }

    // MARK: Doing

    func open(_ url: String) async throws { try await command("url", ["url": .string(url)]) }

    /// The one element of a selector.
    func element(_ selector: String) async throws -> Element {
        let found = try await command("element", ["using": "css selector", "value": .string(selector)])
        guard case .object(let members) = found, let id = members.values.first?.string else {
            throw BrowserError(words: "nothing at \(selector): \(found)")
        }
        return Element(browser: self, id: id)
    }

    /// An element of the page that is open.
    struct Element: Sendable {
        let browser: Browser
        let id: String

        func click() async throws { try await browser.command("element/\(id)/click", [:]) }
        func clear() async throws { try await browser.command("element/\(id)/clear", [:]) }
        func type(_ text: String) async throws {
            try await browser.command("element/\(id)/value", ["text": .string(text)])
        }
        func text() async throws -> String { try await browser.read("element/\(id)/text").string ?? "" }
        func attribute(_ name: String) async throws -> String? {
            try await browser.read("element/\(id)/attribute/\(name)").string
        }
    }

    /// Presses a key wherever the focus is; `\u{E004}` is Tab, `\u{E007}` Enter.
    func press(_ key: String) async throws {
        let strokes: JSONValue = [
            ["type": "keyDown", "value": .string(key)], ["type": "keyUp", "value": .string(key)],
        ]
        try await command("actions", ["actions": [["type": "key", "id": "keyboard", "actions": strokes]]])
    }

    /// What a script returns.
    func evaluate(_ script: String) async throws -> JSONValue {
        try await command("execute/sync", ["script": .string("return (\(script))"), "args": []])
    }

    // MARK: Seeing

    func url() async throws -> String { try await read("url").string ?? "" }
    func title() async throws -> String { try await read("title").string ?? "" }
    func source() async throws -> String { try await read("source").string ?? "" }

    /// Errors and warnings of the console since the last call: refused scripts and styles are among them.
    func complaints() async throws -> [String] {
        try await command("se/log", ["type": "browser"]).array
            .filter { ["SEVERE", "WARNING"].contains($0["level"].string) }
            .compactMap { $0["message"].string }
    }

    /// Every address that was asked for since the last call.
    func requests() async throws -> [String] {
        try await command("se/log", ["type": "performance"]).array.compactMap { entry in
            let message = try JSONDecoder().decode(
                JSONValue.self,
                from: Data((entry["message"].string ?? "").utf8)
            )["message"]
            guard message["method"].string == "Network.requestWillBeSent" else { return nil }
            return message["params"]["request"]["url"].string
        }
    }

    @discardableResult
    func devtools(_ command: String, _ parameters: JSONValue) async throws -> JSONValue {
        try await self.command("goog/cdp/execute", ["cmd": .string(command), "params": parameters])
    }

    // MARK: The protocol

    @discardableResult
    private func command(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        try await Self.post("\(address)/\(path)", body)
    }

    private func read(_ path: String) async throws -> JSONValue {
        try await Self.send(HTTPClientRequest(url: "\(address)/\(path)"))
    }

    private func delete() async throws {
        var request = HTTPClientRequest(url: address)
        request.method = .DELETE
        _ = try await Self.send(request)
    }

    private static func post(_ url: String, _ body: JSONValue) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        return try await send(request)
    }

    private static func send(_ request: HTTPClientRequest) async throws -> JSONValue {
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let body = try await response.body.collect(upTo: 64 << 20)
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(body.readableBytesView))["value"]
        guard response.status == .ok else {
            throw BrowserError(words: value["message"].string ?? "\(response.status)")
        }
        return value
    }
}

/// What the driver said instead of doing as told.
struct BrowserError: Error, CustomStringConvertible {
    let words: String
    var description: String { words }
}
