"""What training reports of each epoch."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """What one epoch measured; scores of windows at threshold 0.5, F1 weighted by support.

    The training windows are measured as they were seen: augmented, before the step that learned
    from them; of mixed ones, the genres with at least half of the mixture count. `*_accuracy`
    counts a window as right where all its genres are (subset accuracy), `*_elementwise_accuracy`
    counts every genre of it. `val_macro_ap` is of track scores.
    """

    epoch: int
    learning_rate: float
    train_loss: float
    train_f1: float
    train_accuracy: float
    train_elementwise_accuracy: float
    val_loss: float
    val_f1: float
    val_accuracy: float
    val_elementwise_accuracy: float
    val_macro_ap: float
    seconds: float

    @property
    def in_short(self) -> str:
        """Training and validation in few words, for the bar on the terminal."""
        return (
            f"loss {self.train_loss:.3f}/{self.val_loss:.3f} "
            f"F1 {self.train_f1:.2f}/{self.val_f1:.2f} "
            f"accuracy {self.train_accuracy:.2f}/{self.val_accuracy:.2f} train/val"
        )
