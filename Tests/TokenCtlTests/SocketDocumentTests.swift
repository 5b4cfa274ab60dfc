import Foundation
import JSON
import StationInterface
import Testing
import Varlink

@testable import TokenCtl

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

@Suite struct SocketDocumentTests {
    @Test func theFileIsWhatTheCommandPrints() throws {
        let file = try String(
            contentsOf: root.appendingPathComponent("docs/socket.md"), encoding: .utf8)
        let made = SocketDocument.text
        let difference = zip(
            file.split(separator: "\n", omittingEmptySubsequences: false),
            made.split(separator: "\n", omittingEmptySubsequences: false)
        ).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(
            file == made,
            """
            docs/socket.md is not what the interfaces say (line \((difference?.offset ?? 0) + 1)); \
            make it again: tokenctl interface --markdown > docs/socket.md
            """)
    }

    @Test func everyMethodTypeAndErrorStandsInIt() throws {
        let text = SocketDocument.text
        for interface in try StationInterfaces.descriptions() {
            for method in interface.methods {
                #expect(
                    text.contains("#### \(SocketAccess.short(interface.name)).\(method.name)\n"))
            }
            for member in interface.types + interface.errors {
                #expect(text.contains("**`\(member.name)`**"))
            }
        }
    }

    @Test func declarationsReadBackAsWhatTheyDeclare() throws {
        for interface in try StationInterfaces.descriptions() {
            let text =
                "interface \(interface.name)\n\n"
                + interface.members.map { SocketReference.declaration($0).joined(separator: "\n") }
                .joined(separator: "\n\n") + "\n"
            let back = try InterfaceDescription(parsing: text)
            #expect(back.members.map(\.kind) == interface.members.map(\.kind))
        }
    }

    /// The agent's own table, out of its source: a program cannot be imported into another's
    /// tests.
    @Test func theRolesAreThoseOfTheAgent() throws {
        let source = try String(
            contentsOf: root.appendingPathComponent("Sources/TokenAgent/Roles.swift"),
            encoding: .utf8)
        func roles(_ text: Substring) -> Set<String> {
            switch text {
            case "everybody": Set(SocketAccess.Role.allCases.map(\.rawValue))
            case "atTheToken": ["counter", "technician"]
            default:
                Set(
                    text.split(whereSeparator: { "[], ".contains($0) }).map {
                        String($0.dropFirst())
                    })
            }
        }
        #expect(
            source.contains("everybody: Set<Role> = [.observer, .counter, .technician, .auditor]"))
        #expect(source.contains("atTheToken: Set<Role> = [.counter, .technician]"))
        let row = /Station\.(\w+)\.method: (\w+|\[[^\]]*\])/
        let found = source.matches(of: row).map { ("\($0.1)", roles($0.2)) }
        #expect(found.count == SocketAccess.table.count)
        let methods: [String: String] = [
            "ListReaders": Station.ListReaders.method, "Watch": Station.Watch.method,
            "Inspect": Station.Inspect.method,
            "DescribeReader": Station.DescribeReader.method,
            "MeasureReader": Station.MeasureReader.method,
            "BeginRestore": Station.BeginRestore.method,
            "Unblock": Station.Unblock.method, "AskChallenge": Station.AskChallenge.method,
            "Respond": Station.Respond.method, "AttachRestore": Station.AttachRestore.method,
            "CancelRestore": Station.CancelRestore.method,
            "ListRestores": Station.ListRestores.method, "CheckKey": Station.CheckKey.method,
            "OpenCase": Station.OpenCase.method, "GetCase": Station.GetCase.method,
            "GetHistory": Station.GetHistory.method,
            "ListCases": Station.ListCases.method, "RefuseCase": Station.RefuseCase.method,
            "CheckRequest": Station.CheckRequest.method,
            "ReceiveRequest": Station.ReceiveRequest.method,
            "CompleteRequest": Station.CompleteRequest.method,
            "GetRequest": Station.GetRequest.method,
            "RemovePersonal": Station.RemovePersonal.method,
            "RouteCase": Station.RouteCase.method, "RecordCase": Station.RecordCase.method,
            "SendNotice": Station.SendNotice.method, "ListDue": Station.ListDue.method,
            "ListExpired": Station.ListExpired.method, "GetPaper": Station.GetPaper.method,
            "CloseCase": Station.CloseCase.method, "ShowJournal": Station.ShowJournal.method,
            "HeadOfJournal": Station.HeadOfJournal.method,
            "VerifyJournal": Station.VerifyJournal.method, "GetStatus": Station.GetStatus.method,
            "Diagnose": Station.Diagnose.method,
            "ListProfiles": Station.ListProfiles.method, "Exchange": Station.Exchange.method,
            "Commission": Station.Commission.method,
            "CancelCommission": Station.CancelCommission.method,
            "CheckSeal": Station.CheckSeal.method,
            "ListOfficers": Station.ListOfficers.method, "SignIn": Station.SignIn.method,
            "SignInByToken": Station.SignInByToken.method,
            "SignOff": Station.SignOff.method, "ShowAct": Station.ShowAct.method,
            "Approve": Station.Approve.method,
            "ApproveByToken": Station.ApproveByToken.method,
        ]
        for (name, roles) in found {
            let method = try #require(methods[name])
            #expect(Set(SocketAccess.roles(of: method).map(\.rawValue)) == roles, "\(method)")
        }
    }

    @Test func everyMethodHasItsRowInTheTable() throws {
        for interface in try StationInterfaces.descriptions() {
            for method in interface.methods {
                #expect(!SocketAccess.roles(of: "\(interface.name).\(method.name)").isEmpty)
            }
        }
    }

    @Test(arguments: SocketExample.messages.indices)
    func theExampleKeepsToTheInterface(_ index: Int) throws {
        let message = SocketExample.messages[index]
        let shape = try Shape(of: message.method)
        let parameters = try #require(message.document["parameters"])
        if let name = message.document["error"]?.string {
            try shape.check(parameters, fields: try shape.error(name), at: name)
        } else {
            try shape.check(
                parameters, fields: message.direction == .call ? shape.parameters : shape.reply,
                at: message.method)
        }
    }

    @Test func jsonIsFoldedWithoutChangingIt() throws {
        let value: JSONValue = [
            "a": ["b", 1, true, nil], "long": "0123456789012345678901234567890123456789",
            "empty": [], "none": [:],
        ]
        for width in [10, 30, 200] {
            let text = value.folded(width: width).joined(separator: "\n")
            let parsed = try Array(text.utf8).withUnsafeBytes { raw in
                var reader = JSONReader(raw)
                return try reader.value()
            }
            #expect(parsed == value)
        }
        #expect(value.folded(width: 200).count == 1)
    }
}

/// A method as its interface describes it.
private struct Shape {
    let interface: InterfaceDescription
    let parameters: [InterfaceDescription.Field]
    let reply: [InterfaceDescription.Field]

    struct Departure: Error { let place: String }

    init(of fullMethod: String) throws {
        let dot = try #require(fullMethod.lastIndex(of: "."))
        let name = fullMethod[fullMethod.index(after: dot)...]
        interface = try #require(
            try StationInterfaces.descriptions().first { $0.name == fullMethod[..<dot] })
        let method = try #require(interface.methods.first { $0.name == name })
        guard case .method(let parameters, let reply) = method.kind else {
            throw Departure(place: fullMethod)
        }
        self.parameters = parameters
        self.reply = reply
    }

    func error(_ fullName: String) throws -> [InterfaceDescription.Field] {
        let member = try #require(
            interface.errors.first { "\(interface.name).\($0.name)" == fullName })
        guard case .error(let fields) = member.kind else { throw Departure(place: fullName) }
        return fields
    }

    func check(_ value: JSONValue, fields: [InterfaceDescription.Field], at place: String) throws {
        guard case .object(let members) = value else { throw Departure(place: place) }
        for (name, _) in members where !fields.contains(where: { $0.name == name }) {
            throw Departure(place: "\(place).\(name)")
        }
        for field in fields {
            try check(value[field.name] ?? .null, field.type, at: "\(place).\(field.name)")
        }
    }

    private func check(
        _ value: JSONValue, _ type: InterfaceDescription.TypeExpression, at place: String
    ) throws {
        switch (type, value) {
        case (.optional, .null), (.bool, .bool), (.int, .integer), (.string, .string): break
        case (.optional(let inner), _): try check(value, inner, at: place)
        case (.array(let inner), .array(let elements)):
            for element in elements { try check(element, inner, at: place + "[]") }
        case (.enumeration(let names), .string(let name)) where names.contains(name): break
        case (.structure(let fields), _): try check(value, fields: fields, at: place)
        case (.named(let name), _):
            let member = interface.types.first { $0.name == name }
            guard case .type(let described)? = member?.kind else { throw Departure(place: place) }
            try check(value, described, at: place)
        default: throw Departure(place: place)
        }
    }
}
