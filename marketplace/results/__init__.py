"""Work paid by the accepted result: handing in, judging by client, gold and agreement, and taking back."""
