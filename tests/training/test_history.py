"""What training reports of each epoch: genre.training.history."""

from genre.training.history import Epoch


def test_an_epoch_in_few_words() -> None:
    epoch = Epoch(
        epoch=3,
        learning_rate=1e-3,
        train_loss=0.51234,
        train_f1=0.754,
        train_accuracy=0.5,
        train_elementwise_accuracy=0.9,
        val_loss=1.0,
        val_f1=0.666,
        val_accuracy=0.0,
        val_elementwise_accuracy=0.8,
        val_macro_ap=0.7,
        seconds=12.0,
    )
    assert epoch.in_short == "loss 0.512/1.000 F1 0.75/0.67 accuracy 0.50/0.00 train/val"
