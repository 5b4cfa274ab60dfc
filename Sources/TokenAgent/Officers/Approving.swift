import Casework
import Crypto
import Readers
import Secrets
import StationInterface
import Tokens
import Varlink

extension Permit {
    /// What a second officer approves.
    var act: Act {
        Act(
            restore: restore, caseNumber: caseID.text, device: deviceNumber, form: form.rawValue,
            profile: reading.profile?.name, expires: expiresAt)
    }
}

extension Agent {
    /// Where two are needed: somebody must be signed in to begin.
    func checkSignedIn(_ caller: Caller, _ method: String) throws(StationError) {
        guard configuration.signIn.needsTwo, caller.who.officer == nil else { return }
        throw Words.signInRequired(method)
    }

    /// Where two are needed: a second officer must have approved this restore, and is not the one
    /// who has the code sent.
    func checkApproval(_ run: RestoreRun, _ caller: Caller) throws(StationError) {
        guard configuration.signIn.needsTwo, run.phase == .permitted else { return }
        try checkSignedIn(caller, Station.Unblock.method)
        guard let second = run.approvedBy, second != caller.who.officer else {
            throw Words.approvalRequired(run.permit.restore, run.permit.act.text)
        }
    }

    func showAct(_ restore: String, _ call: VarlinkCall) {
        do throws(StationError) {
            let run = try permittedRun(restore)
            call.reply(
                with: Station.ActShown(act: run.permit.act.text, approvedBy: run.approvedBy))
        } catch {
            call.fail(with: error)
        }
    }

    /// By the password of the second officer.
    func approve(
        _ restore: String, _ typed: Station.TypedOfficer, _ handOver: SecretHandOver,
        _ call: VarlinkCall
    ) {
        defer { handOver.discard() }
        do throws(StationError) {
            let run = try runToApprove(restore)
            // Its client has gone.
            guard let (officer, _) = try officer(typed, proving: handOver, call) else { return }
            call.reply(with: try note(officer, .password, nil, run, call))
        } catch {
            call.fail(with: error)
        }
    }

    /// By the own token of the second officer, which signs the act.
    func approve(
        _ restore: String, byTokenIn reader: String, _ handOver: SecretHandOver?,
        _ call: VarlinkCall
    ) {
        let run: RestoreRun
        do throws(StationError) {
            run = try runToApprove(restore)
        } catch {
            handOver?.discard()
            return call.fail(with: error)
        }
        askToken(in: reader, .approval(act: run.permit.act.text), handOver, call) {
            [self] shown throws(StationError) in
            let approved = try note(shown.officer, .token, shown.signature, run, call)
            call.reply(
                with: Station.ApprovedByToken(
                    approved, pinSpent: shown.checked.pinSpent, pinLeft: shown.checked.pinLeft))
        }
    }

    private func runToApprove(_ restore: String) throws(StationError) -> RestoreRun {
        let run = try permittedRun(restore)
        switch run.phase {
        case .permitted: return run
        case .running:
            throw .permitInvalid(
                restore, .running, "Restore \(restore) is running.", next: "Attach to it.")
        case .finished:
            throw .permitInvalid(
                restore, .used, "The permit of restore \(restore) was used.", next: "Begin again.")
        }
    }

    /// Who approved goes on record before it counts.
    private func note(
        _ officer: Officer, _ proof: OfficerProof, _ signature: Approval.Signature?,
        _ run: RestoreRun, _ call: VarlinkCall
    ) throws(StationError) -> Station.Approved {
        let permit = run.permit
        if officer.id == run.who.officer {
            throw Words.approvalRefused(permit.restore, officer.id, .sameOfficer)
        }
        guard officer.roles.contains(.counter) else {
            throw Words.approvalRefused(permit.restore, officer.id, .noCounter)
        }
        let approval = Approval(
            restore: permit.restore, act: permit.act.text, signature: signature)
        let who = Who(user: call.peer.user, officer: officer.id, proof: proof.rawValue)
        let receipt: Casework.Receipt
        do throws(CaseError) {
            receipt = try book.mention(.restoreApproved, case: permit.caseID, who: who) {
                approval.write(into: &$0)
            }
        } catch {
            throw Words.journal(error.description)
        }
        run.approve(by: officer.id)
        return Station.Approved(
            officer: officer.id, act: approval.act, receipt: Station.Receipt(receipt))
    }
}
