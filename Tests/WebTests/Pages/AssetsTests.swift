import Foundation
import Testing

@testable import Web

@Suite struct AssetsTests {
    private func assets(_ files: [String: String]) throws -> Assets {
        let folder = FileManager.default.temporaryDirectory.appending(path: "klappa-assets-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try TemplatesTests.write(text, to: folder.appending(path: name)) }
        return try Assets(folder: folder)
    }

    private let style = """
        /* a comment */
        @font-face { font-family: "Klappa Text"; src: url("fonts/text.woff2") format("woff2"); }
        p { fill: url(#p-held); }
        """

    @Test func `an address carries the fingerprint of its bytes`() throws {
        let assets = try assets(["klappa.js": "1"])
        let address = try #require(assets.address(of: "klappa.js"))
        #expect(address.wholeMatch(of: /\/assets\/klappa\.[0-9a-f]{16}\.js/) != nil)
        #expect(assets.asset(at: address)?.contentType == "text/javascript; charset=utf-8")
        #expect(try self.assets(["klappa.js": "2"]).address(of: "klappa.js") != address)
    }

    @Test func `a style sheet points to the fonts that are there and keeps references into the page`() throws
    {
        let assets = try assets(["klappa.css": style, "fonts/text.woff2": "font"])
        let address = try #require(assets.address(of: "klappa.css"))
        let served = try #require(assets.asset(at: address))
        let text = String(decoding: served.bytes, as: UTF8.self)
        let font = try #require(assets.address(of: "fonts/text.woff2"))
        #expect(text.contains("url(\"\(font)\")"))
        #expect(text.contains("url(#p-held)"))
        #expect(!text.contains("comment"))
    }

    @Test func `a font that is not installed is not asked for`() throws {
        let assets = try assets(["klappa.css": style])
        let address = try #require(assets.address(of: "klappa.css"))
        let served = try #require(assets.asset(at: address))
        #expect(!String(decoding: served.bytes, as: UTF8.self).contains("font-face"))
    }

    @Test func `a kind of file without a content type stops the start`() {
        #expect(throws: PageError.self) { try assets(["notes.xyz": ""]) }
    }
}
