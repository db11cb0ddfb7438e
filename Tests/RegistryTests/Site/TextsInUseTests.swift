import Foundation
import Testing
import Web

@testable import Registry

/// The texts against the templates and the code that name them.
@Suite struct TextsInUseTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../../../Sources")
        .standardizedFileURL

    private static func sources(_ folder: String, _ type: String) throws -> [String] {
        let folder = root.appending(path: folder)
        let walk = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return try walk.compactMap { $0 as? URL }
            .filter { $0.pathExtension == type }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }

    /// Keys named in code and templates; those with a part put in while running are cut before it and end in a full stop.
    private static func used() throws -> Set<String> {
        var used: Set<String> = []
        for source in try sources("Registry/Templates", "mustache") {
            used.formUnion(source.matches(of: /\{\{t ([\w.-]+)\}\}/).map { String($0.1) })
        }
        let features = Set(try Site().texts.keys.compactMap { $0.split(separator: ".").first })
        for source in try sources("Registry", "swift") {
            used.formUnion(
                source.matches(of: /"((\w+)\.[\w.]*)/)
                    .filter { features.contains($0.2) }.map { String($0.1) }
            )
        }
        return used
    }

    @Test func `no text is unused`() throws {
        let used = try Self.used()
        let stems = used.filter { $0.hasSuffix(".") }
        // The pages of prose name their title and description by the name of the page.
        let prose = ["about", "privacy", "accessibility"].flatMap { ["\($0).title", "\($0).description"] }
        for key in try Site().texts.keys where !used.contains(key) && !prose.contains(key) {
            #expect(stems.contains { key.hasPrefix($0) }, "\(key) is unused")
        }
    }

    @Test func `no text that is named is missing`() throws {
        let keys = Set(try Site().texts.keys)
        for key in try Self.used() where !key.hasSuffix(".") {
            #expect(keys.contains(key), "\(key) is missing")
        }
    }

    @Test func `both languages fill the same names`() throws {
        let texts = try Site().texts
        for key in texts.keys {
            #expect(texts.names(in: key, .sv) == texts.names(in: key, .en), "\(key)")
        }
    }

    @Test func `no template prints anything unescaped but markup, and none has inline style or script`()
        throws
    {
        for source in try Self.sources("Registry/Templates", "mustache") {
            #expect(source.firstMatch(of: /\{\{\{(?!markup\.)/) == nil)
            #expect(source.firstMatch(of: /\{\{&/) == nil)
            #expect(source.firstMatch(of: /\sstyle=|\son[a-z]+="|<style|javascript:/) == nil)
            #expect(source.firstMatch(of: /<script(?! src="\{\{asset )/) == nil)
        }
    }
}
