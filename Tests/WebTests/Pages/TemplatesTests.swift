import Foundation
import Testing

@testable import Web

@Suite struct TemplatesTests {
    /// Templates, texts and assets of a test's own.
    private func templates(_ sources: [String: String], texts: String = "{}", style: String = "") throws
        -> Templates
    {
        let root = FileManager.default.temporaryDirectory.appending(path: "klappa-pages-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in ["Texts/crew.json": texts, "Assets/klappa.css": style] {
            try Self.write(text, to: root.appending(path: path))
        }
        for (name, source) in sources {
            try Self.write(source, to: root.appending(path: "Templates/\(name).mustache"))
        }
        return try Templates(
            folder: root.appending(path: "Templates"),
            texts: Texts(folder: root.appending(path: "Texts")),
            assets: Assets(folder: root.appending(path: "Assets"))
        )
    }

    static func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
    }

    @Test func `what comes from outside is escaped`() throws {
        let templates = try templates(["page": #"<p title="{{name}}">{{name}}</p>"#])
        let rendered = templates.render("page", ["name": #"<script>"&'"#], in: .sv)
        let escaped = "&lt;script&gt;&quot;&amp;&#39;"
        #expect(rendered?.html == #"<p title="\#(escaped)">\#(escaped)</p>"#)
    }

    @Test func `a text cannot be printed unescaped, markup only by its own name`() throws {
        let templates = try templates([
            "page": "{{{name}}}|{{{markup.name}}}|{{{markup.drawing}}}|{{drawing}}"
        ])
        let view: View = ["name": "<b>", "drawing": .markup("<svg/>")]
        let rendered = try #require(templates.render("page", view, in: .sv))
        #expect(rendered.missing == ["drawing", "markup.name"])
        #expect(rendered.html.hasSuffix("||<svg/>|"))
    }

    @Test func `a missing name is reported, an absent one is not`() throws {
        let templates = try templates(["page": "{{#a}}x{{b}}{{/a}}{{^c}}none{{/c}}{{d}}"])
        let view: View = ["a": .list([[:]]), "c": .absent, "d": .absent]
        let rendered = try #require(templates.render("page", view, in: .en))
        #expect(rendered.html == "xnone")
        #expect(rendered.missing == ["b"])
    }

    @Test func `texts and assets are put in at the start, in each language`() throws {
        let templates = try templates(
            ["site/page": #"<a href="{{asset klappa.css}}">{{t crew.title}}</a> {{t crew.more}}"#],
            texts: #"""
                {"title": {"sv": "Män & kvinnor", "en": "Men & women"},
                 "more": {"sv": "[Om](/{lang}/om)", "en": "[About](/{lang}/about)"}}
                """#
        )
        let swedish = try #require(templates.render("site/page", [:], in: .sv)).html
        #expect(swedish.contains("Män &amp; kvinnor"))
        #expect(swedish.contains(#"<a href="/sv/om">Om</a>"#))
        #expect(swedish.contains(#"href="/assets/klappa."#))
        let english = try #require(templates.render("site/page", [:], in: .en)).html
        #expect(english.contains(#"<a href="/en/about">About</a>"#))
    }

    @Test(arguments: ["{{t crew.nothing}}", "{{asset nothing.css}}", "{{#open}}"])
    func `a template that is wrong stops the start`(source: String) {
        #expect(throws: PageError.self) { try templates(["page": source]) }
    }

    @Test func `lists, flags and texts in a row enter their sections`() throws {
        let templates = try templates([
            "page": "{{#rows}}[{{name}}{{^last}},{{/last}}]{{/rows}}{{#words}}<{{.}}>{{/words}}"
        ])
        let view: View = [
            "rows": .list([["name": "a", "last": false], ["name": "b", "last": true]]),
            "words": .texts(["x", "y"]),
        ]
        #expect(templates.render("page", view, in: .sv)?.html == "[a,][b]<x><y>")
    }
}
