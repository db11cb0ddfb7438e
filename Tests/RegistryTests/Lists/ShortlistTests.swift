import Foundation
import HTTPTypes
import Postgres
import Testing

@testable import Registry
@testable import Web

@Suite struct ShortlistTests {
    /// Published people of the samples: ids and slugs.
    private func people(_ portal: Portal, _ count: Int) async throws -> [(
        id: String, slug: String, name: String
    )] {
        for number in 0..<count { try await portal.database.person("Person \(number)") }
        return try await portal.database.open.query(
            """
            SELECT r.id::text AS id, r.slug, p.name FROM klappa.crew_record r
            JOIN klappa.crew_public p ON p.id = r.id ORDER BY p.name
            """
        ).map {
            (
                try $0.decode(String.self, "id"), try $0.decode(String.self, "slug"),
                try $0.decode(String.self, "name")
            )
        }
    }

    /// Ticks people and puts them on a new list; gives the path of the list.
    private func keep(_ caller: Caller, _ ids: [String], _ name: String) async throws -> String {
        let query = ids.map { "item=\($0)" }.joined(separator: "&")
        let page = try await caller.get("/en/lists/add?\(query)")
        #expect(page.status == 200)
        var form = PageQuery()
        for id in ids { form.items.append(("item", id)) }
        let done = try await caller.post(
            "/en/lists/add",
            items: ids.map { ("item", $0) } + [("list", "new"), ("name", name)],
            from: page
        )
        #expect(done.status == 303)
        return done.location ?? ""
    }

    @Test func `what is ticked in a search is kept on a named list, without a script`() async throws {
        try await Portal.with { portal in
            let found = try await people(portal, 3)
            let max = try await portal.member("Max Ekdahl", .searcher)
            let search = try await max.get("/en/crew")
            let form = #"<form class="row picks" id="pick" method="get" action="/en/lists/add">"#
            #expect(search.text.contains(form))
            #expect(search.text.contains(#"form="pick" name="item" value="\#(found[0].id)""#))
            let path = try await keep(max, [found[0].id, found[1].id, found[0].id, "nonsense"], "Series <1>")
            let page = try await max.get(path)
            #expect(page.text.contains("2 on the list") && page.text.contains("Series &lt;1&gt;"))
            #expect(page.text.contains(#"href="/en/crew/\#(found[0].slug)""#))
            let more = try await max.get("/en/lists/add?item=\(found[1].id)&item=\(found[2].id)")
            let id = path.split(separator: "/").last.map(String.init) ?? ""
            let added = try await max.post(
                "/en/lists/add",
                items: [("item", found[1].id), ("item", found[2].id), ("list", id)],
                from: more
            )
            #expect(added.location == path)
            let all = try await max.get("/en/lists")
            #expect(all.text.contains("3 on the list"))
            let taken = try await max.post(
                "/en/lists/add",
                items: [("item", found[1].id), ("list", "new"), ("name", "Series <1>")],
                from: more
            )
            #expect(taken.status == 400 && taken.text.contains("already have a list of that name"))
        }
    }

    @Test func `a list is renamed, noted on, shortened and deleted, by its owner alone`() async throws {
        try await Portal.with { portal in
            let found = try await people(portal, 2)
            let max = try await portal.member("Max Ekdahl", .searcher)
            let eva = try await portal.member("Eva Ek", .administrator)
            let path = try await keep(max, found.map(\.id), "One")
            let page = try await max.get(path)
            let item = try #require(page.text.firstMatch(of: /form="ticked" name="item" value="([^"]+)"/)).1
            let note = "\(path)/items/\(item)"
            let theirs = try await eva.get("/en/account")
            for (address, fields) in [
                (path, [("name", "Mine"), ("version", "1")]), (note, [("note", "x")]), (path + "/delete", []),
                (path + "/ticked", [("item", String(item)), ("remove", "yes")]),
                (path + "/share", [("days", "7")]),
            ] {
                let refused = try await eva.post(address, items: fields, from: theirs)
                #expect(refused.status == 404, "\(address)")
            }
            let seen = try await eva.get(path)
            #expect(seen.status == 404)
            let noted = try await max.post(note, items: [("note", "Rang den 3:e")], from: page)
            #expect(noted.status == 303)
            let renamed = try await max.post(path, items: [("name", "Two"), ("version", "1")], from: page)
            #expect(renamed.status == 303)
            let stale = try await max.post(path, items: [("name", "Three"), ("version", "1")], from: page)
            #expect(stale.status == 412)
            let after = try await max.get(path)
            #expect(after.text.contains("Rang den 3:e") && after.text.contains("<h1>Two</h1>"))
            let none = try await max.post(path + "/ticked", items: [("remove", "yes")], from: after)
            #expect(none.status == 400)
            let removed = try await max.post(
                path + "/ticked",
                items: [("item", String(item)), ("remove", "yes")],
                from: after
            )
            #expect(removed.status == 303)
            let left = try await max.get(path)
            #expect(left.text.contains("1 on the list"))
            let deleted = try await max.post(path + "/delete", items: [], from: left)
            #expect(deleted.status == 303)
            let items = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.shortlist_item",
                portal.database.root
            )
            #expect(items == 0)
        }
    }

    @Test func `a reader by link sees what everyone sees, no note and no owner, until it is revoked or over`()
        async throws
    {
        try await Portal.with { portal in
            let found = try await people(portal, 2)
            let max = try await portal.member("Max Ekdahl", .searcher)
            let path = try await keep(max, found.map(\.id), "Shared")
            let page = try await max.get(path)
            let item = try #require(page.text.firstMatch(of: /form="ticked" name="item" value="([^"]+)"/)).1
            _ = try await max.post("\(path)/items/\(item)", items: [("note", "A secret note")], from: page)
            func share() async throws -> String {
                let made = try await max.post("\(path)/share", items: [("days", "7")], from: page)
                #expect(made.status == 200)
                return String(
                    try #require(
                        made.text.firstMatch(
                            of: /value="http:\/\/klappa\.example(\/en\/shared\/[A-Za-z0-9_-]{43})"/
                        )
                    ).1
                )
            }
            let old = try await share()
            let link = try await share()
            let again = try await max.get(path)
            #expect(!again.text.contains(link))
            let replaced = try await portal.stranger().get(old)
            #expect(replaced.status == 404)
            let shared = try await portal.stranger().get(link)
            #expect(shared.status == 200)
            #expect(shared.text.contains(found[0].name) && shared.text.contains(found[1].name))
            #expect(!shared.text.contains("A secret note") && !shared.text.contains("Max Ekdahl"))
            #expect(shared.headers[.cacheControl]?.contains("no-store") == true)
            // Who hides is gone from the list at once.
            try await portal.database.root.execute(
                "UPDATE klappa.person SET state = 'hidden' WHERE id = \(try #require(UUID(uuidString: found[0].id)))"
            )
            let hidden = try await portal.stranger().get(link)
            #expect(!hidden.text.contains(found[0].name) && hidden.text.contains(found[1].name))
            let own = try await max.get(path)
            #expect(!own.text.contains(found[0].name) && own.text.contains("No longer shown"))
            try await portal.database.root.execute("UPDATE klappa.shortlist SET link_expires_at = now()")
            let over = try await portal.stranger().get(link)
            #expect(over.status == 404)
            let fresh = try await share()
            _ = try await max.post("\(path)/share", items: [("end", "yes")], from: page)
            let revoked = try await portal.stranger().get(fresh)
            #expect(revoked.status == 404)
        }
    }

    @Test func `the ticked are named in an inquiry to the film commission`() async throws {
        try await Portal.with { portal in
            let found = try await people(portal, 2)
            let max = try await portal.member("Max Ekdahl", .searcher)
            let path = try await keep(max, found.map(\.id), "One")
            let page = try await max.get(path)
            let items = page.text.matches(of: /form="ticked" name="item" value="([^"]+)"/).map {
                ("item", String($0.1))
            }
            let asked = try await max.post("\(path)/ticked", items: items + [("ask", "yes")], from: page)
            #expect(asked.status == 303)
            let form = try await max.get(try #require(asked.location))
            #expect(form.status == 200)
            #expect(form.text.contains(found[0].name) && form.text.contains(found[1].name))
            #expect(form.text.contains("I would like to get in touch with"))
        }
    }

    @Test func `lists are for searchers, and who is erased leaves them with every note`() async throws {
        try await Portal.with { portal in
            let found = try await people(portal, 1)
            let bo = try await portal.member("Bo Berg")
            let search = try await bo.get("/en/crew")
            #expect(!search.text.contains(#"form="pick""#))
            let add = try await bo.get("/en/lists/add?item=\(found[0].id)")
            #expect(add.status == 403)
            await #expect(throws: PostgresError.self) {
                try await portal.database.member.execute(
                    "INSERT INTO klappa.shortlist (account, name) VALUES (\(try #require(bo.account)), 'x')",
                    settings: [("klappa.account", try #require(bo.account).uuidString.lowercased())]
                )
            }
            let max = try await portal.member("Max Ekdahl", .searcher)
            _ = try await keep(max, [found[0].id], "One")
            try await portal.database.worker.execute(
                "SELECT klappa.erase(\(try #require(UUID(uuidString: found[0].id))))"
            )
            let items = try await portal.database.count(
                "SELECT count(*) AS n FROM klappa.shortlist_item",
                portal.database.root
            )
            #expect(items == 0)
        }
    }
}
