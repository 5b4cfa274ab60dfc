import APDU
import Secrets
import System

/// The card in one slot: powering it, agreeing on how to talk, and commands as its reader's
/// level of exchange carries them.
///
/// Lives on its reader's thread; uses the pipe it is given for the time of a call. Its other
/// files say how it agrees with the card, sends commands, and has codes entered at the pad.
final class CCIDCard {
    /// How commands reach the card.
    enum Way {
        /// The reader takes whole commands.
        case commands
        case blocks(T1Link, blockWaiting: Duration)
        case characters
    }

    /// What a reader may need beside the card's own waiting time, before it counts as mute.
    static let margin: Duration = .seconds(2)

    let reader: CCIDReader
    let slot: UInt8
    var way = Way.commands
    private(set) var hasPower = false
    /// How often the card asked for more time to work: through its reader, or in blocks.
    var timeExtensions = 0
    /// One block or TPDU on its way out; may hold a code.
    var outgoing: WireBuffer

    init(_ reader: CCIDReader, slot: UInt8) throws(CCIDFault) {
        self.reader = reader
        self.slot = slot
        do throws(SecretError) {
            outgoing = try WireBuffer(capacity: T1Block.largest + 16)
        } catch {
            throw .noLockedMemory
        }
    }

    // MARK: Power

    /// How the slot stands, without a word to the card.
    func status(_ pipe: CCIDPipe, limit: CallLimit) throws(CCIDFault) -> CCIDCardStatus {
        let status = try pipe.exchange(.getSlotStatus, slot: slot, limit: limit).iccStatus
        reader.note(slot, isPresent: status != .absent, confirms: true)
        return status
    }

    /// Powers the card and reads its answer to reset, and no more.
    func answerToReset(_ pipe: CCIDPipe, limit: CallLimit) throws(CCIDFault) -> [UInt8] {
        if has({ $0 == .powerOffBeforeOn }) { powerOff(pipe) }
        var failure = CCIDFault.slot(.mute)
        var hasLeftEMV = false
        var choices = voltages[...]
        while let voltage = choices.popFirst() {
            do throws(CCIDFault) {
                _ = try pipe.exchange(.iccPowerOn(voltage), slot: slot, limit: limit)
                let atr = pipe.withAnswer { Array($0.dropFirst(CCIDCommand.headerLength)) }
                guard !atr.isEmpty, atr.count <= 33 else { throw .slot(.initialCharacter) }
                hasPower = true
                reader.setPower(slot, isOn: true)
                return atr
            } catch {
                // A card that does not answer at one voltage may at another; one not quite
                // seated, at the second try.
                guard case .slot(let reason) = error else { throw error }
                failure = error
                powerOff(pipe)
                if reason == .emvProtocol, !hasLeftEMV, try leaveEMV(pipe, limit) {
                    hasLeftEMV = true
                    choices.insert(voltage, at: choices.startIndex)
                }
            }
        }
        throw failure
    }

    private var voltages: [CCIDPowerSelect] {
        if reader.descriptor.features.contains(.automaticVoltage) {
            return [.automatic, .automatic]
        }
        let offered = reader.descriptor.voltages
        var order: [CCIDPowerSelect] = []
        if offered.contains(.fiveVolts) { order.append(.fiveVolts) }
        if offered.contains(.threeVolts) { order.append(.threeVolts) }
        if offered.contains(.oneEightVolts) { order.append(.oneEightVolts) }
        return order.isEmpty ? [.automatic, .automatic] : order + order.prefix(1)
    }

    private func leaveEMV(_ pipe: CCIDPipe, _ limit: CallLimit) throws(CCIDFault) -> Bool {
        for row in reader.quirks {
            guard case .escapeToISO(let bytes) = row.quirk else { continue }
            let payload = Array(bytes)
            var failure: CCIDFault? = nil
            payload.withUnsafeBytes { payload in
                do throws(CCIDFault) {
                    _ = try pipe.exchange(.escape, slot: slot, payload: payload, limit: limit)
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            return true
        }
        return false
    }

    /// Takes the power away; whether that is heard does not matter to a card that is gone.
    func powerOff(_ pipe: CCIDPipe) {
        hasPower = false
        reader.setPower(slot, isOn: false)
        let limit = Instant.now + CCIDPipe.housekeeping
        do throws(CCIDFault) {
            let reply = try pipe.exchange(
                .iccPowerOff, slot: slot, limit: CallLimit(orderly: limit, last: limit))
            guard reply.iccStatus == .absent else { return }
        } catch {
            guard error == .noCard else { return }
        }
        reader.note(slot, isPresent: false, confirms: true)
    }

    func has(_ isWanted: (CCIDQuirk) -> Bool) -> Bool {
        reader.quirks.contains { isWanted($0.quirk) }
    }
}
