import JSON
import Testing

@testable import Varlink

private typealias Description = InterfaceDescription

@Suite struct InterfaceTests {
    @Test func everyConstructIsRead() throws {
        let description = try InterfaceDescription(
            parsing: """
                # What it is,
                #
                # in two paragraphs.
                interface org.Example-1.b2

                # Not about the type: an empty line parts them.

                type Mode (on, off_1)
                # A pair.
                type Pair (
                  # The first.
                  first: string,
                  second: ?[]Mode # behind it
                )
                method Do(a: int, b: ?float, c: (x, y), d: [string](e: object)) -> ()
                # Says no.
                error No(why: bool, pair: ?Pair, none: [][string]())
                """)
        #expect(description.name == "org.Example-1.b2")
        #expect(description.comment == ["What it is,", "", "in two paragraphs."])
        #expect(description.members.map(\.name) == ["Mode", "Pair", "Do", "No"])
        #expect(
            description.members.map(\.comment) == [[], ["A pair."], [], ["Says no."]])
        #expect(description.members[0].kind == .type(.enumeration(["on", "off_1"])))
        #expect(
            description.members[1].kind
                == .type(
                    .structure([
                        Description.Field(name: "first", type: .string, comment: ["The first."]),
                        Description.Field(
                            name: "second", type: .optional(.array(.named("Mode"))), comment: []),
                    ])))
        guard case .method(let parameters, let reply) = description.members[2].kind,
            case .error(let fields) = description.members[3].kind
        else {
            Issue.record("not a method and an error")
            return
        }
        #expect(
            parameters.map(\.type.description) == [
                "int", "?float", "(x, y)", "[string](e: object)",
            ])
        #expect(reply.isEmpty)
        #expect(fields.map(\.type.description) == ["bool", "?Pair", "[][string]()"])
        #expect(description.methods.map(\.name) == ["Do"])
        #expect(description.errors.map(\.name) == ["No"])
        #expect(description.types.map(\.name) == ["Mode", "Pair"])
    }

    @Test func theStandardInterfaceIsWellFormed() throws {
        let description = try InterfaceDescription(parsing: OrgVarlinkService.text)
        #expect(description.name == "org.varlink.service")
        #expect(description.methods.map(\.name) == ["GetInfo", "GetInterfaceDescription"])
        #expect(description.errors.count == 6)
    }

    @Test(arguments: ["a.b", "org.example.x", "a-b.c", "A1.2b", "a.b--c.0"])
    func interfaceNames(_ name: String) throws {
        #expect(try InterfaceDescription(parsing: "interface \(name)\n").name == name)
    }

    @Test(arguments: ["", "a", "1.b", "a.", ".a", "a..b", "a-.b", "-a.b", "a.-b", "a_b.c", "é.b"])
    func notInterfaceNames(_ name: String) {
        #expect(throws: InterfaceError.self) {
            try InterfaceDescription(parsing: "interface \(name)\n")
        }
    }

    static let malformed: [(String, String)] = [
        ("", "line 1, column 1: expected \"interface\""),
        ("# only a comment", "line 1, column 17: expected \"interface\""),
        ("interfaces a.b", "line 1, column 1: expected \"interface\""),
        ("interface", "line 1, column 10: expected a blank"),
        ("interface a.b method M() -> ()", "line 1, column 15: expected the end of the line"),
        ("interface a.b\ntype T (a) type U (b)", "line 2, column 12: expected the end of the line"),
        (
            "interface a.b\nstruct T ()",
            "line 2, column 1: expected \"type\", \"method\" or \"error\""
        ),
        (
            "interface a.b\ntype t ()",
            "line 2, column 6: expected a name that begins with a capital letter"
        ),
        (
            "interface a.b\ntype T_a ()",
            "line 2, column 6: expected a name that begins with a capital letter"
        ),
        ("interface a.b\ntype T string", "line 2, column 8: expected '('"),
        ("interface a.b\ntype T (a: string", "line 2, column 18: expected ',' or ')'"),
        ("interface a.b\ntype T (a: string,)", "line 2, column 19: expected a name"),
        ("interface a.b\ntype T (a, b: int)", "line 2, column 13: expected ',' or ')'"),
        ("interface a.b\ntype T (a: int, b)", "line 2, column 18: expected ':'"),
        ("interface a.b\ntype T (_a: int)", "line 2, column 9: expected a name"),
        ("interface a.b\ntype T (a_: int)", "line 2, column 9: expected a name"),
        ("interface a.b\ntype T (a__b: int)", "line 2, column 9: expected a name"),
        ("interface a.b\ntype T (1a: int)", "line 2, column 9: expected a name"),
        ("interface a.b\ntype T (a: ??int)", "line 2, column 13: a type is optional once"),
        (
            "interface a.b\ntype T (a: [int]string)",
            "line 2, column 12: expected \"[]\" or \"[string]\""
        ),
        ("interface a.b\ntype T (a: integer)", "line 2, column 12: expected a type"),
        ("interface a.b\ntype T (a: U)", "line 2, column 12: there is no type \"U\""),
        ("interface a.b\nerror E ()\ntype T (a: E)", "line 3, column 12: there is no type \"E\""),
        ("interface a.b\ntype T (a: int, a: int)", "line 2, column 17: \"a\" is described twice"),
        ("interface a.b\ntype T (a, a)", "line 2, column 12: \"a\" is described twice"),
        ("interface a.b\ntype T ()\nerror T ()", "line 3, column 7: \"T\" is described twice"),
        ("interface a.b\nmethod M()", "line 2, column 11: expected \"->\""),
        ("interface a.b\nmethod M() - > ()", "line 2, column 13: expected \"->\""),
        ("interface a.b\nmethod M(a) -> ()", "line 2, column 9: expected fields with types"),
        ("interface a.b\nerror E", "line 2, column 8: expected '('"),
        ("interface a.b\nerror E (a, b)", "line 2, column 9: expected fields with types"),
        (
            "interface a.b\n# Sở\r\ntype Ở ()",
            "line 3, column 6: expected a name that begins with a capital letter"
        ),
    ]

    @Test(arguments: malformed)
    func whatDepartsFromTheGrammarIsRefusedWithItsPlace(_ text: String, _ description: String) {
        do throws(InterfaceError) {
            _ = try InterfaceDescription(parsing: text)
            Issue.record("taken")
        } catch {
            #expect(error.description == description)
        }
    }

    @Test func depthAndLengthAreLimited() {
        func code(_ text: String) -> InterfaceError.Code? {
            do throws(InterfaceError) {
                _ = try InterfaceDescription(parsing: text)
                return nil
            } catch {
                return error.code
            }
        }
        let deep = String(repeating: "[]", count: 10_000)
        #expect(code("interface a.b\ntype T (a: \(deep)int)") == .tooDeep(limit: 16))
        let nested = String(repeating: "(a: ", count: 10_000)
        #expect(code("interface a.b\ntype T \(nested)") == .tooDeep(limit: 16))
        let long = String(repeating: "# 3456789\n", count: 30_000)
        #expect(code("interface a.b\n\(long)") == .tooLong(limit: 1 << 18))
    }

    struct Wrong: VarlinkInterface {
        let name: String
        let description: String
        func call(_ call: VarlinkCall, parameters: inout JSONReader) throws(VarlinkFailure) {}
    }

    static let setups: [([Wrong], String)] = [
        ([Wrong(name: "a.b", description: "interface a.c\n")], "a.b: its text is of a.c"),
        (
            [Wrong(name: "a.b", description: "interface a.b\nx")],
            "a.b: line 2, column 1: expected \"type\", \"method\" or \"error\""
        ),
        (
            [
                Wrong(name: "a.b", description: "interface a.b\n"),
                Wrong(name: "a.b", description: "interface a.b\n"),
            ], "a.b: registered twice"
        ),
        (
            [Wrong(name: "org.varlink.service", description: "interface org.varlink.service\n")],
            "org.varlink.service: registered twice"
        ),
    ]

    @Test(arguments: setups.indices)
    func aServiceWithDefectiveTextsIsNotSetUp(_ index: Int) {
        let (interfaces, description) = Self.setups[index]
        do throws(VarlinkServerError) {
            _ = try VarlinkServer(
                VarlinkIdentity(vendor: "", product: "", version: "", url: ""),
                interfaces: interfaces)
            Issue.record("set up")
        } catch {
            #expect(error.description == description)
        }
    }
}
