package due

import (
	"testing"

	"paye/internal/ledger/ledgertest"
)

// TestMemoryInPostgreSQL holds the memory to the same behaviour in the other
// database.
func TestMemoryInPostgreSQL(t *testing.T) {
	sqlite := place
	t.Cleanup(func() { place = sqlite })
	place = ledgertest.Places[1]
	for name, test := range map[string]func(*testing.T){
		"FromDraftToRegistered":                               TestFromDraftToRegistered,
		"NoRealFileWithoutFlagAndStep6":                       TestNoRealFileWithoutFlagAndStep6,
		"TestDeclarationIsNeverRegistered":                    TestTestDeclarationIsNeverRegistered,
		"ABatchLeavesOnce":                                    TestABatchLeavesOnce,
		"UncertainBatchLeavesAgainOnlyOnDemandAndAsItWas":     TestUncertainBatchLeavesAgainOnlyOnDemandAndAsItWas,
		"HireOfAnUncertainBatchIsNotDeclaredAgain":            TestHireOfAnUncertainBatchIsNotDeclaredAgain,
		"AnswerProvesThatAnUncertainBatchCame":                TestAnswerProvesThatAnUncertainBatchCame,
		"BatchWrittenAgainMakesTheFirstOneStale":              TestBatchWrittenAgainMakesTheFirstOneStale,
		"ChangedSheetGoesBackToDraft":                         TestChangedSheetGoesBackToDraft,
		"TheSamePersonUnderAnotherContractIsNotDeclaredTwice": TestTheSamePersonUnderAnotherContractIsNotDeclaredTwice,
		"TwoWritersDoNotDeclareOneHireTwice":                  TestTwoWritersDoNotDeclareOneHireTwice,
		"AnswersThatAreRefusedChangeNothing":                  TestAnswersThatAreRefusedChangeNothing,
		"SameAnswerTwiceChangesNothing":                       TestSameAnswerTwiceChangesNothing,
		"HireWithoutAnswerStaysWaiting":                       TestHireWithoutAnswerStaysWaiting,
		"RefusedFileRefusesEveryHire":                         TestRefusedFileRefusesEveryHire,
		"LevelsAreNeverMixed":                                 TestLevelsAreNeverMixed,
		"RejectedDepositAndNonConformity":                     TestRejectedDepositAndNonConformity,
		"AmbiguousAnswerIsPutAside":                           TestAmbiguousAnswerIsPutAside,
		"AnswerOfAStepClosesIt":                               TestAnswerOfAStepClosesIt,
		"StepWhoseSendingWasCutIsNotSentAgain":                TestStepWhoseSendingWasCutIsNotSentAgain,
		"PaperAnswerIsEnteredByHand":                          TestPaperAnswerIsEnteredByHand,
		"OneFileAHire":                                        TestOneFileAHire,
		"ProvisionalWritingRecordsNothing":                    TestProvisionalWritingRecordsNothing,
		"SameInputSameBytes":                                  TestSameInputSameBytes,
		"RecordsCannotBeEdited":                               TestRecordsCannotBeEdited,
		"LateOnesAreListed":                                   TestLateOnesAreListed,
		"RealModeOpensAtTheEndOfTheSetUpOnly":                 TestRealModeOpensAtTheEndOfTheSetUpOnly,
		"ForbiddenStepsOfTheSetUp":                            TestForbiddenStepsOfTheSetUp,
		"NewKeysCloseWhatTheyOpened":                          TestNewKeysCloseWhatTheyOpened,
		"RefusedAnswerLeavesTheStepOpenAndCounts":             TestRefusedAnswerLeavesTheStepOpenAndCounts,
	} {
		t.Run(name, test)
	}
}
